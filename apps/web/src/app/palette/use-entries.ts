import {
  Box,
  ChartLine,
  Columns3,
  Database,
  Flame,
  ListTree,
  LogOut,
  MessageSquare,
  Monitor,
  Moon,
  Plus,
  Rocket,
  SquarePen,
  Sun,
  Upload,
  UserPlus,
  Users,
} from '@lucide/vue'
import { type Component, computed, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { useTexts } from '../../composables/texts.ts'
import { navigation } from '../features.ts'
import { useSession } from '../session.ts'
import { useTheme } from '../theme.ts'
import type { Entry, Found, FoundKind } from './entries.ts'

export const kindIcons: Record<FoundKind, Component> = {
  conversation: MessageSquare,
  comparison: Columns3,
  prompt: ListTree,
  dataset: Database,
  'training-run': Flame,
  project: ChartLine,
  'tracked-run': ChartLine,
  model: Box,
  deployment: Rocket,
  user: Users,
}

interface Branch {
  readonly [key: string]: string | Branch
}

/** A text in both languages, so that a page is found by either name. */
function useBothLanguages() {
  const catalogues = shallowRef<Branch[]>([])
  void Promise.all([import('@anneal/contract/texts/en'), import('@anneal/contract/texts/zh')]).then(
    (loaded) => (catalogues.value = loaded.map(({ texts }) => texts)),
  )
  return (key: string): string[] =>
    catalogues.value.flatMap((catalogue) => {
      let node: string | Branch | undefined = catalogue
      for (const part of key.split('.')) node = typeof node === 'object' ? node[part] : undefined
      return typeof node === 'string' ? [node] : []
    })
}

/** Pages and commands that this person may use, and how a found thing is shown. */
export function useEntries() {
  const { t, hasText, language } = useTexts()
  const session = useSession()
  const router = useRouter()
  const { setTheme } = useTheme()
  const inBoth = useBothLanguages()
  const allowed = (entry: Entry) => session.can(entry.permission)

  const pages = computed<Entry[]>(() =>
    [
      ...navigation.map((page) => ({
        key: `page ${page.path}`,
        label: t(page.labelKey),
        words: inBoth(page.labelKey),
        icon: page.icon,
        to: page.path,
        ...(page.key ? { keys: `g ${page.key}` } : {}),
        ...(page.permission ? { permission: page.permission } : {}),
      })),
      {
        key: 'page /me',
        label: t('users.me.title'),
        words: inBoth('users.me.title'),
        icon: Users,
        to: '/me/profile',
      },
    ].filter(allowed),
  )

  const command = (name: string, icon: Component, rest: Partial<Entry>): Entry => ({
    key: `do ${name}`,
    label: t(`home.palette.${name}`),
    words: inBoth(`home.palette.${name}`),
    icon,
    ...rest,
  })
  const commands = computed<Entry[]>(() =>
    [
      command('newChat', SquarePen, { to: '/chat', permission: 'chat.use', keys: 'c' }),
      command('newComparison', Columns3, { to: '/compare', permission: 'compare.use', keys: 'shift+c' }),
      command('newTraining', Flame, { to: '/training/new', permission: 'training.write', keys: 't' }),
      command('addData', Upload, { to: '/datasets', permission: 'datasets.write' }),
      command('addModel', Plus, { to: '/models', permission: 'models.manage' }),
      command('inviteUser', UserPlus, { to: '/users', permission: 'users.manage' }),
      command('themeLight', Sun, { run: () => setTheme('light') }),
      command('themeDark', Moon, { run: () => setTheme('dark') }),
      command('themeSystem', Monitor, { run: () => setTheme('system') }),
      command('signOut', LogOut, { run: () => void session.signOut() }),
    ].filter(allowed),
  )

  function show(found: Found): Entry {
    const { fact } = found
    const known = fact && hasText(fact.key) ? t(fact.key, fact.params) : null
    return {
      key: `${found.kind} ${found.id}`,
      label: found.name || t('chat.untitled'),
      note: [t(`home.palette.kinds.${found.kind}`), known]
        .filter(Boolean)
        .join(language.value === 'zh' ? '，' : ', '),
      icon: kindIcons[found.kind],
      to: found.link,
    }
  }
  /** What can be done with what was found. */
  const doWith = (found: readonly Found[]): Entry[] =>
    session.can('chat.use')
      ? found
          .filter(({ kind }) => kind === 'model')
          .slice(0, 3)
          .map(({ id, name }) => ({
            key: `chat with ${id}`,
            label: t('home.palette.chatWith', { name }),
            icon: SquarePen,
            to: `/chat?model=${id}`,
          }))
      : []

  function open(entry: Entry): void {
    entry.run?.()
    if (entry.to) void router.push(entry.to)
  }
  return { pages, commands, show, doWith, open }
}
