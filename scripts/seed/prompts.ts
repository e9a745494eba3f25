import { CallError, type Client } from '../../tests/support/client.ts'
import { until } from '../../tests/support/until.ts'
import type { Made } from './fill.ts'

interface Version {
  text: string
  message: string
  variables?: { name: string; default?: string; description?: string }[]
}

interface SeedPrompt {
  name: string
  description: string
  folder: string | null
  versions: Version[]
  /** Versions that production went to, in order, with the reasons. */
  production?: [version: number, reason: string][]
  archived?: number[]
}

const support = (lines: string[]) =>
  ['You answer customers of Tidewell Robotics by mail.', ...lines].join('\n')

const supportVariables = [
  { name: 'role', default: 'an operator', description: 'Who reads the answer' },
  { name: 'line', default: '4', description: 'Number of the production line' },
  { name: 'language', default: 'English' },
  { name: 'max_words', default: '120', description: 'Longest answer, in words' },
]

const supportReply: SeedPrompt = {
  name: 'support-reply',
  description: 'Answers customers by mail, one action per step',
  folder: 'Support',
  versions: [
    { text: support(['', 'Give the steps that help.']), message: 'First version' },
    {
      text: support(['The reader is {{role}}.', '', 'Give the steps that help.']),
      message: 'The reader as a variable',
      variables: [{ name: 'role', default: 'an operator' }],
    },
    {
      text: support([
        'The reader is {{role}} on line {{line}}; write in {{language}}.',
        '',
        'Give the steps in the order that seems best.',
        'Name the service note if one applies, as in SN-118.',
        'If a visit is needed, propose a day in the coming week.',
        '',
        'At most {{max_words}} words. No greeting beyond one line.',
        'If you are not sure, say so and ask one question.',
      ]),
      message: 'One action per step, at most 120 words',
      variables: supportVariables,
    },
    {
      text: support([
        'The reader is {{role}} on line {{line}}; write in {{language}}.',
        '',
        'Give the steps in the order in which they are done, one action per step.',
        'Name the service note if one applies, as in SN-118.',
        'Never promise a visit or a date. Planning calls the customer.',
        'End with a request for the file from Diagnostics › Export.',
        '',
        'At most {{max_words}} words. No greeting beyond one line.',
        'If you are not sure, say so and ask one question.',
      ]),
      message: 'Ask for the diagnostics file, no visit promised',
      variables: supportVariables,
    },
  ],
  production: [
    [1, 'The first that was agreed on'],
    [3, 'Shorter answers; tried on forty mails'],
  ],
  archived: [2],
}

const prompts: SeedPrompt[] = [
  {
    name: 'ticket-triage',
    description: 'Sorts a mail by product, urgency and the team that answers',
    folder: 'Support',
    versions: [
      {
        text: 'Sort the mail. Answer with one JSON object: product, urgency (1 to 3), team.\nTeams: {{teams}}.',
        message: 'First version',
        variables: [{ name: 'teams', default: 'service, sales, spare parts' }],
      },
    ],
    production: [[1, 'Agrees with the hand-sorted mails of October']],
  },
  {
    name: 'release-notes',
    description: 'Turns a list of changes into notes for customers',
    folder: null,
    versions: [
      {
        text: 'Write release notes for {{audience}} from the changes below. Say what a reader can do now. No adjectives.',
        message: 'First version',
        variables: [{ name: 'audience', default: 'operators' }],
      },
      {
        text: 'Write release notes for {{audience}} from the changes below. Say what a reader can do now, then what was mended. No adjectives.',
        message: 'What was mended comes second',
        variables: [{ name: 'audience', default: 'operators' }],
      },
    ],
  },
  {
    name: '维护手册问答',
    description: '按维护手册回答现场问题',
    folder: '客服',
    versions: [
      {
        text: '你按维护手册回答 {{line}} 现场的问题。\n读者是 {{role}}。\n步骤按操作顺序给出，一步一个操作。\n手册没有写的，直说不知道。',
        message: '第一个版本',
        variables: [{ name: 'role', default: '操作员', description: '谁来读' }],
      },
    ],
    production: [[1, '与手册逐条核对过']],
  },
  supportReply,
]

async function makePrompt(client: Client, seed: SeedPrompt): Promise<string | null> {
  const [first, ...later] = seed.versions
  if (!first) return null
  const { name, description, folder } = seed
  try {
    const { id } = await client.call('prompts.create', {
      body: { name, description, folder, visibility: 'everyone', ...first },
    })
    for (const [at, version] of later.entries()) {
      await client.call('prompts.saveVersion', { params: { id }, body: { basedOn: at + 1, ...version } })
    }
    let from: number | null = null
    for (const [to, reason] of seed.production ?? []) {
      const params = { id, label: 'production' as const }
      await client.call('prompts.moveLabel', { params, body: { from, to, reason } })
      from = to
    }
    for (const number of seed.archived ?? []) {
      await client.call('prompts.archiveVersion', { params: { id, number } })
    }
    return id
  } catch (error) {
    // An instance that is filled a second time has it already.
    if (error instanceof CallError && error.code === 'prompts.name-taken') return null
    throw error
  }
}

/** What is asked with the prompt in its chat. */
export const promptQuestion = 'The arm stops with “torque limit, joint 2” every Monday morning.'
export const promptAnswer = `1. Open **Tool › Load** and enter 4.8 kg.
2. On Monday, start the warm-up first (six minutes, SN-118).
3. If it stops again, send the file from **Diagnostics › Export**.`

/** A chat that answers with what is in production. */
async function converse(client: Client, promptId: string, modelId: string): Promise<Made> {
  const title = 'Torque limit on Mondays'
  const prompt = { promptId, version: null, variables: { role: 'a shift leader', line: '2' } }
  const { id } = await client.call('chat.createConversation', { body: { title, modelId, prompt } })
  const { answer } = await client.call('chat.send', { params: { id }, body: { text: promptQuestion } })
  const generationId = answer?.answer?.generationId
  if (generationId)
    await until(
      async () =>
        (await client.call('generations.get', { params: { id: generationId } })).state !== 'running',
      { timeoutMs: 60_000, everyMs: 50, what: `the answer to “${title}”` },
    )
  return { what: 'conversation', name: title, path: `/chat/${id}` }
}

/** Prompts with versions, a label that has moved, and a chat that answers with one. */
export async function fillPrompts(client: Client, modelId: string | undefined): Promise<Made[]> {
  const made: Made[] = []
  let supportId: string | null = null
  for (const prompt of prompts) {
    const id = await makePrompt(client, prompt)
    if (id === null) continue
    if (prompt === supportReply) supportId = id
    made.push({ what: 'prompt', name: prompt.name, path: `/prompts/${encodeURIComponent(prompt.name)}` })
  }
  if (supportId && modelId) made.push(await converse(client, supportId, modelId))
  return made
}
