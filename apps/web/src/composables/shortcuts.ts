import { onScopeDispose } from 'vue'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

interface Layer {
  shortcuts: Shortcuts
  enabled: () => boolean
  /** Holds over a drawer, dialog or menu too; the page behind one rests. */
  over: boolean
}

const layers: Layer[] = []
const sequenceTime = 1200
let prefix = ''
let prefixAt = 0
const offKey = 'anneal.single-keys'

/** Single letters can be turned off, for those who dictate or type by accident. */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(offKey) !== 'off'
  } catch {
    return true
  }
}

export function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** `mod+enter`, `shift+c`, `escape`, `?`; `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key.toLowerCase()
  const letter = /^[a-z]$/.test(key)
  const parts = [
    event.metaKey || event.ctrlKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && (letter || key.length > 1) ? 'shift' : '',
    key === ' ' ? 'space' : key,
  ]
  return parts.filter(Boolean).join('+')
}

/** A drawer, dialog, menu or panel lies over the page, or is just going. */
function covered(): boolean {
  if (document.querySelector(':popover-open, dialog[open]')) return true
  return [...document.querySelectorAll<HTMLElement>('.el-overlay')].some(
    ({ style }) => style.display !== 'none',
  )
}

function find(name: string): ((event: KeyboardEvent) => void) | undefined {
  let isCovered: boolean | undefined
  for (const layer of layers.toReversed()) {
    const run = layer.enabled() ? layer.shortcuts[name] : undefined
    if (run && (layer.over || !(isCovered ??= covered()))) return run
  }
  return undefined
}

export function handleKey(event: KeyboardEvent, now = Date.now()): void {
  if (event.defaultPrevented || event.isComposing) return
  const name = keyName(event)
  const plain = !name.startsWith('mod+') && !name.startsWith('alt+') && name !== 'escape'
  const field = inField(event.target)
  if (plain && (field || !singleKeysOn())) return
  // Editing keys keep their meaning in fields.
  if (field && /^mod\+(shift\+)?[acvxyz]$/.test(name)) return
  const sequence = prefix && now - prefixAt < sequenceTime ? `${prefix} ${name}` : ''
  prefix = ''
  const run = (sequence && find(sequence)) || find(name)
  if (run) {
    event.preventDefault()
    run(event)
  } else if (name === 'g') {
    prefix = name
    prefixAt = now
  }
}

let listening = false

/**
 * Keys of the part of the page that is in scope: `useShortcuts({ 'g c': openChat, 'mod+s': save, '/': search })`.
 * The part set up last wins; single letters rest in fields, and the page rests behind what lies over it.
 */
export function useShortcuts(
  shortcuts: Shortcuts,
  options: { enabled?: () => boolean; over?: boolean } = {},
): void {
  const layer: Layer = { shortcuts, enabled: options.enabled ?? (() => true), over: options.over ?? false }
  layers.push(layer)
  if (!listening && typeof addEventListener === 'function') {
    addEventListener('keydown', handleKey)
    listening = true
  }
  onScopeDispose(() => layers.splice(layers.indexOf(layer), 1))
}

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** How a key is written on a keycap: `mod+enter` → `⌘↵` or `Ctrl ↵`. */
export function keyLabel(name: string): string {
  const words: Record<string, string> = {
    mod: isMac ? '⌘' : 'Ctrl',
    shift: '⇧',
    alt: isMac ? '⌥' : 'Alt',
    enter: '↵',
    escape: 'Esc',
    tab: 'Tab',
    arrowup: '↑',
    arrowdown: '↓',
  }
  return name
    .split('+')
    .map((part) => words[part] ?? part.toUpperCase())
    .join(isMac ? '' : ' ')
}
