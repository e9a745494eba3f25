import type { Directive } from 'vue'

let bubble: HTMLElement | undefined
let owner: HTMLElement | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const texts = new WeakMap<HTMLElement, string>()
const besides = new WeakSet<HTMLElement>()

function place(element: HTMLElement, tip: HTMLElement): void {
  const box = element.getBoundingClientRect()
  const size = tip.getBoundingClientRect()
  if (besides.has(element)) {
    tip.style.left = `${box.right + 8}px`
    tip.style.top = `${box.top + (box.height - size.height) / 2}px`
    return
  }
  const below = box.bottom + 6 + size.height < innerHeight
  const left = Math.min(Math.max(6, box.left + box.width / 2 - size.width / 2), innerWidth - size.width - 6)
  tip.style.left = `${left}px`
  tip.style.top = `${below ? box.bottom + 6 : box.top - size.height - 6}px`
}

function show(element: HTMLElement): void {
  const text = texts.get(element)
  if (!text) return
  if (!bubble) {
    bubble = document.createElement('div')
    bubble.className = 'an-tip'
    bubble.setAttribute('aria-hidden', 'true')
    // In the top layer, where an open menu or dialog does not hide it.
    if ('popover' in bubble) bubble.popover = 'manual'
  }
  if (!bubble.isConnected) document.body.append(bubble)
  bubble.textContent = text
  owner = element
  if (bubble.popover && !bubble.matches(':popover-open')) bubble.showPopover()
  place(element, bubble)
}

function hide(element?: HTMLElement): void {
  clearTimeout(timer)
  if (element && owner !== element) return
  owner = undefined
  bubble?.remove()
}

function enter(event: Event): void {
  const element = event.currentTarget as HTMLElement
  clearTimeout(timer)
  if (event.type === 'pointerenter' && (event as PointerEvent).pointerType === 'touch') return
  if (event.type === 'focus' && !element.matches(':focus-visible')) return
  timer = setTimeout(() => show(element), event.type === 'focus' ? 0 : 350)
}

function leave(event: Event): void {
  clearTimeout(timer)
  hide(event.currentTarget as HTMLElement)
}

/**
 * `v-tip="text"`: a short text on hover and focus, below (`v-tip.right`: beside). It repeats what a name or a visible word says (or the exact time),
 * so it is hidden from readers; the name itself goes into aria-label.
 */
export const vTip: Directive<HTMLElement, string | undefined, 'right'> = {
  mounted(element, { value, modifiers }) {
    texts.set(element, value ?? '')
    if (modifiers.right) besides.add(element)
    for (const name of ['pointerenter', 'focus']) element.addEventListener(name, enter)
    for (const name of ['pointerleave', 'blur', 'pointerdown']) element.addEventListener(name, leave)
  },
  updated(element, { value }) {
    texts.set(element, value ?? '')
    if (owner === element) show(element)
  },
  unmounted: (element) => hide(element),
}
