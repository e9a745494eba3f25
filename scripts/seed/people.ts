import { randomBytes } from 'node:crypto'
import type { Role } from '@anneal/contract'
import { CallError, Client } from '../../tests/support/client.ts'
import type { Made } from './fill.ts'

interface Person {
  name: string
  role: Role
  /** How the person's browsers call themselves; without one they never came. */
  from?: string[]
  disabled?: boolean
}

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
const edge = `${windows} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`
const mac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'
const linux = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

const people: Person[] = [
  { name: 'Emil Novak', role: 'member', disabled: true },
  { name: 'Kenji Mori', role: 'viewer' },
  { name: 'Sofia Lindqvist', role: 'member', from: [mac] },
  { name: 'Tomás Rivera', role: 'member', from: [edge] },
  { name: 'Priya Nair', role: 'member', from: [linux, iphone] },
  { name: 'Liu Wei', role: 'member', from: [edge, 'python-requests/2.32.3'] },
  { name: 'Jonas Weber', role: 'member', from: [linux] },
  { name: 'Chen Yu', role: 'member', from: [mac, iphone] },
  { name: 'Mara Okafor', role: 'manager', from: [mac, edge, iphone] },
  { name: 'Lin Zhao', role: 'administrator', from: [linux] },
]

const invited: { email: string; name?: string; role: Role }[] = [
  { email: 'hannah.cole@tidewell.example', name: 'Hannah Cole', role: 'member' },
  { email: 'audit@partner.example', role: 'viewer' },
]

const mailOf = (name: string): string =>
  `${name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(' ', '.')}@tidewell.example`

const ifNew =
  (...codes: string[]) =>
  (error: unknown): null => {
    if (error instanceof CallError && error.code && codes.includes(error.code)) return null
    throw error
  }

async function signInFrom(baseUrl: string, userAgent: string, body: object): Promise<void> {
  const extras = { headers: { 'user-agent': userAgent } }
  const response = await new Client(baseUrl).send('auth.signIn', { body }, extras)
  await response.body?.cancel()
}

const groups = [
  { name: 'Research', description: 'Trains and compares models' },
  { name: 'Support', description: 'Answers customers' },
]

/** Groups with some of the people in them, the first looking after the rest; and a role of the company's own. */
async function fillGroups(client: Client): Promise<void> {
  for (const [at, body] of groups.entries()) {
    const group = await client.call('access.createGroup', { body }).catch(ifNew('access.group-name-taken'))
    if (!group) continue
    const { items } = await client.call('access.listSubjects', { query: { kind: 'user', limit: 50 } })
    const chosen = items.filter((_, index) => index % groups.length === at)
    const add = chosen.map(({ id: userId }, index) => ({ userId, manages: index === 0 }))
    await client.call('access.changeGroupMembers', { params: { id: group.id }, body: { add } })
  }
  const trainer = {
    name: 'Trainer',
    description: 'Trains models and follows the runs',
    permissions: ['training.write', 'tracking.write', 'datasets.write', 'models.read'] as const,
  }
  await client
    .call('auth.createRole', { body: { ...trainer, permissions: [...trainer.permissions] } })
    .catch(ifNew('auth.role-name-taken'))
}

/** A small company's people, from where they are signed in, and who is invited. */
export async function fillPeople(client: Client): Promise<Made[]> {
  for (const { name, role, from = [], disabled } of people) {
    const email = mailOf(name)
    const password = randomBytes(18).toString('base64url')
    const user = await client
      .call('auth.createUser', { body: { email, name, role, password } })
      .catch(ifNew('auth.email-taken'))
    if (!user) continue
    for (const userAgent of from) await signInFrom(client.baseUrl, userAgent, { email, password })
    if (disabled)
      await client.call('auth.updateUser', {
        params: { id: user.id },
        body: { version: user.version, disabled },
      })
  }
  for (const body of invited)
    await client
      .call('auth.createInvitation', { body })
      .catch(ifNew('auth.already-invited', 'auth.email-taken'))
  await fillGroups(client)
  return [
    { what: 'groups', name: `${groups.length} groups`, path: '/users/groups' },
    { what: 'users', name: `${people.length} people`, path: '/users' },
    { what: 'invitations', name: `${invited.length} open`, path: '/users/invitations' },
  ]
}
