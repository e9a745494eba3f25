import type { Client } from '../../tests/support/client.ts'
import { until } from '../../tests/support/until.ts'
import type { Made } from './fill.ts'

interface SeedTurn {
  prompt: string
  /** One answer a pane. */
  answers: { reasoning?: string; text: string }[]
  /** Which is best, from 0. */
  vote?: number | 'tie' | 'all-bad'
}

interface SeedComparison {
  title: string
  system: string
  turns: SeedTurn[]
}

const torque: SeedComparison = {
  title: 'Torque warning reply',
  system: 'You answer customers of Tidewell Robotics by mail. One action per step.',
  turns: [
    {
      prompt:
        'Answer Ms Brandt (operator, line 4): the arm stops with “torque limit, joint 2” six times every Monday morning.',
      answers: [
        {
          reasoning:
            'The operator needs steps, not theory. The payload in the controller is 3.5 kg, the gripper with its part weighs 4.8 kg.',
          text: 'Hello Ms Brandt,\n\nthank you for the log. The torque warning on joint 2 is not a fault of the motor: the arm stops itself when the measured torque stays 15% above the value it expects.\n\n1. **The payload in the settings is too low.** Your gripper with part weighs 4.8 kg, the controller still has 3.5 kg.\n2. **Cold grease after the weekend.** The log shows all six stops before 07:40.\n\nPlease set the payload to 4.8 kg under `Tool › Load` and run the warm-up routine before the first shift. A technician will visit you on Thursday.\n\nKind regards  \nTidewell service',
        },
        {
          text: 'Dear Ms Brandt,\n\nI can reassure you: the arm is protecting itself, and nothing is broken. Joint 2 measures more torque than the configured payload explains.\n\n1. Payload configured: 3.5 kg. Gripper and part together: 4.8 kg.\n2. All six stops happened between 06:55 and 07:40, with the gearbox below 14 °C.\n\nPlease set the payload to 4.8 kg under `Tool › Load` and run the warm-up routine before the first shift (six minutes).\n\nKind regards  \nTidewell service',
        },
        {
          text: 'Hello Ms Brandt,\n\nthank you for the log. The arm is fine. It stops to protect joint 2.\n\n1. **Step 1.** Set the payload to 4.8 kg under `Tool › Load`. Your gripper with part weighs 4.8 kg, the controller still has 3.5 kg.\n2. **Step 2.** On Monday mornings start the warm-up routine first. It takes six minutes.\n\nUntil then you may run at 80% speed (service note SN-118).\n\nKind regards  \nTidewell service',
        },
      ],
      vote: 2,
    },
  ],
}

const chinese: SeedComparison = {
  title: '夹爪松动的答复',
  system: '你为一家机器人制造商答复客户，每一步只给一个操作。',
  turns: [
    {
      prompt: '客户说夹爪在搬运 2 kg 零件时会松动，请写一封简短的答复。',
      answers: [
        {
          text: '你好，\n\n感谢来信。请先检查气压：夹爪需要 0.5 MPa，低于此值会松动。\n\n1. 在 `工具 › 气压` 中查看读数。\n2. 低于 0.5 MPa 时，检查过滤器是否堵塞。\n\n如果读数正常，请把夹爪的序列号发给我们。',
        },
        {
          text: '你好，\n\n夹爪松动多半是气压不足。请按以下步骤操作：\n\n1. 在 `工具 › 气压` 中查看读数，应为 0.5 MPa。\n2. 低于此值时，更换过滤器。\n3. 仍然松动，请安排停机并联系我们。',
        },
      ],
      vote: 'tie',
    },
    {
      prompt: '再短一些，只留操作步骤。',
      answers: [
        { text: '1. 在 `工具 › 气压` 中查看读数。\n2. 低于 0.5 MPa 时检查过滤器。' },
        { text: '1. 查看气压，应为 0.5 MPa。\n2. 不足时更换过滤器。\n3. 仍松动就停机并联系我们。' },
      ],
    },
  ],
}

const comparisons = [torque, chinese]
const panesOf = ({ turns }: SeedComparison): number => Math.max(...turns.map(({ answers }) => answers.length))

/** Models of the stand-ins, in the order of the panes. */
const inOrder = ['stand-in-reasoner', 'stand-in-small', 'stand-in-local']

/** What a model answers to a prompt of a comparison; undefined for any other prompt. */
export function compareReply({ prompt, model }: { prompt: string; model: string }) {
  const turn = comparisons.flatMap(({ turns }) => turns).find((one) => one.prompt === prompt)
  return turn?.answers[inOrder.indexOf(model)] ?? turn?.answers[0]
}

async function compareOnce(client: Client, seeded: SeedComparison, modelIds: string[]): Promise<Made> {
  const panes = modelIds.slice(0, panesOf(seeded)).map((modelId) => ({ modelId }))
  const { id } = await client.call('compare.create', {
    body: {
      title: seeded.title,
      shared: { system: seeded.system, parameters: { temperature: 0.2, maxTokens: 1024 }, prompt: null },
      panes,
    },
  })
  const read = () => client.call('compare.get', { params: { id } })
  for (const { prompt, vote } of seeded.turns) {
    const turn = await client.call('compare.send', { params: { id }, body: { text: prompt } })
    const hasEnded = async () =>
      (await read()).turns.every(({ answers }) => answers.every(({ state }) => state !== 'running'))
    await until(hasEnded, { timeoutMs: 60_000, everyMs: 50, what: `the answers to “${prompt}”` })
    if (vote === undefined) continue
    const paneId = typeof vote === 'number' ? turn.answers[vote]?.paneId : undefined
    await client.call('compare.vote', {
      params: { id, turnId: turn.id },
      body: paneId ? { choice: 'pane', paneId } : { choice: vote === 'tie' ? 'tie' : 'all-bad' },
    })
  }
  return { what: 'comparison', name: seeded.title, path: `/compare/${id}` }
}

/** Two comparisons, voted on: three models in English, two in Chinese. */
export async function fillComparisons(client: Client, modelIds: string[]): Promise<Made[]> {
  const made: Made[] = []
  for (const one of comparisons.toReversed()) made.unshift(await compareOnce(client, one, modelIds))
  return made
}
