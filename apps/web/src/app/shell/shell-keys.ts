import type { Permission } from '@anneal/contract'
import { useRouter } from 'vue-router'
import { useShortcuts } from '../../composables/shortcuts.ts'
import { navigation } from '../features.ts'
import { paletteOpen } from '../palette/palette-state.ts'
import { useSession } from '../session.ts'

const starts: readonly { key: string; path: string; permission: Permission }[] = [
  { key: 'c', path: '/chat', permission: 'chat.use' },
  { key: 'shift+c', path: '/compare', permission: 'compare.use' },
  { key: 't', path: '/training/new', permission: 'training.write' },
]

/** Keys that hold on every page: to each entry of the navigation, to what is begun most, and to the palette. */
export function useShellKeys(): void {
  const router = useRouter()
  const session = useSession()
  const goes = (key: string, path: string, permission: Permission | undefined) =>
    [key, () => void (session.can(permission) && router.push(path))] as const
  useShortcuts({
    ...Object.fromEntries(
      navigation.flatMap(({ key, path, permission }) => (key ? [goes(`g ${key}`, path, permission)] : [])),
    ),
    ...Object.fromEntries(starts.map(({ key, path, permission }) => goes(key, path, permission))),
  })
  useShortcuts({ 'mod+k': () => (paletteOpen.value = true) }, { over: true })
}
