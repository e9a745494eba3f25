const gap = 4
const edge = 8

/** Puts a fixed element below (or above) its opener, within the window. */
export function placeBelow(element: HTMLElement, opener: Element, align: 'start' | 'end', up = false): void {
  const box = opener.getBoundingClientRect()
  const width = element.offsetWidth
  const height = element.offsetHeight
  const above = up || (box.bottom + gap + height > innerHeight - edge && box.top - gap - height > edge)
  const left = align === 'start' ? box.left : box.right - width
  element.style.left = `${Math.min(Math.max(edge, left), Math.max(edge, innerWidth - width - edge))}px`
  element.style.top = `${Math.max(edge, above ? box.top - gap - height : Math.min(box.bottom + gap, innerHeight - height - edge))}px`
}
