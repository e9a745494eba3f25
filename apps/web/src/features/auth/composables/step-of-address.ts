import type { NextStep } from '../../../app/session.ts'

/** The step that someone who comes back from elsewhere is asked for; it leaves the address at once. */
export function stepOfAddress(): NextStep | null {
  const given = new URLSearchParams(location.hash.slice(1))
  const ticket = given.get('ticket')
  const next = given.get('next')
  if (!ticket || (next !== 'second-factor' && next !== 'enrol' && next !== 'new-password')) return null
  history.replaceState(history.state, '', location.pathname + location.search)
  const methods = (given.get('methods') ?? '').split(' ').filter(Boolean) as NextStep['methods']
  return { next, ticket, methods }
}
