/** Only a path of this page: an address from outside in `?to=` must not lead away. */
export function safeTarget(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/'
}
