/** A process of its own: asks for one address again and again, evenly, and prints its latencies at the end. */
const [address = '', token = '', everyMs = '20'] = process.argv.slice(2)
const latencies: number[] = []
let stopping = false

async function ask(): Promise<void> {
  const began = performance.now()
  const reply = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
  await reply.text()
  if (!reply.ok) throw new Error(`${address} answered ${reply.status}`)
  latencies.push(performance.now() - began)
}

process.on('message', (message) => {
  if (message === 'measure') latencies.length = 0
  if (message === 'stop') stopping = true
})

const timer = setInterval(() => {
  if (!stopping) return void ask()
  clearInterval(timer)
  process.send?.(latencies)
  process.disconnect()
}, Number(everyMs))
