import type { AccessKind } from '@anneal/contract'
import { Share2 } from '@lucide/vue'
import { shallowRef } from 'vue'
import { useTexts } from '../../composables/texts.ts'
import type { MenuItem } from '../../ui/menu-item.ts'

export interface ShareTarget {
  kind: AccessKind
  id: string
  /** The address of its page, to be handed on. */
  link?: string
}

/** What the one dialog for sharing is open for; it is loaded when it is first asked for. */
export const shared = shallowRef<ShareTarget | null>(null)

export function openShare(target: ShareTarget): void {
  shared.value = target
}

/** The entry of a thing's menu that opens the dialog. */
export function useShareItem() {
  const { t } = useTexts()
  return (target: ShareTarget): MenuItem => ({
    label: t('access.share.action'),
    icon: Share2,
    run: () => openShare(target),
  })
}
