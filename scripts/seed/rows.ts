import { seededRandom } from '@anneal/providers/testing'

const devices = ['Heron', 'Limpet', 'Otter']
const parts = ['lamp', 'battery', 'tether', 'camera', 'left thruster']
const faults = ['does not start', 'stops after ten minutes', 'makes a noise', 'shows a yellow light']
const steps = ['charge it for 90 minutes', 'clean the contacts', 'fasten the plug', 'restart the dock']

const pick = <T>(from: readonly T[], random: () => number): T => {
  const one = from[Math.floor(random() * from.length)]
  if (one === undefined) throw new TypeError('nothing to pick from')
  return one
}

/** Conversations of a support desk as JSONL, a few rows of which cannot be used. */
export function supportRows(count: number): string {
  const random = seededRandom(7)
  const lines = Array.from({ length: count }, (_, index) => {
    const device = pick(devices, random)
    const question = `The ${pick(parts, random)} of my ${device} ${pick(faults, random)}.`
    const answer = `First ${pick(steps, random)}. If the ${device} still does so, ${pick(steps, random)} and write to us.`
    const user = { role: 'user', content: question }
    if (index % 97 === 40) return `{"messages": [{"role": "user", "content": "${question}"`
    if (index % 89 === 30) return JSON.stringify({ messages: [user] })
    if (index % 83 === 20) return JSON.stringify({ messages: [user, { role: 'assistant', content: '' }] })
    return JSON.stringify({ messages: [user, { role: 'assistant', content: answer }] })
  })
  return `${lines.join('\n')}\n`
}

/** Instructions in Alpaca's form as JSONL, a few rows of which cannot be used. */
export function instructionRows(count: number): string {
  const random = seededRandom(11)
  const lines = Array.from({ length: count }, (_, index) => {
    const a = Math.floor(random() * 90) + 10
    const b = Math.floor(random() * 90) + 10
    if (index % 61 === 13) return JSON.stringify({ instruction: 'Add the numbers.', output: a + b })
    if (index % 71 === 17) return JSON.stringify([a, b])
    return JSON.stringify({
      instruction: 'Add the numbers and give the sum alone.',
      input: `${a} and ${b}`,
      output: String(a + b),
    })
  })
  return `${lines.join('\n')}\n`
}
