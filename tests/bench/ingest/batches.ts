/** What an SDK sends of ten series: a body whose steps, times and values are written anew for each batch, in place. */
const seriesCount = 10
const stepDigits = 9
const firstStep = 100_000_000
const values = 4096
const stepMs = 250

const timeText = (step: number) => new Date(1_790_000_000_000 + (step - firstStep) * stepMs).toISOString()

/** Twelve characters of a number that was a 32-bit float. */
function valueText(at: number): string {
  const value = Math.fround(2 + Math.sin(at / 300) + ((at * 7919) % 1000) / 5000)
  return value.toFixed(16).slice(0, 16)
}

const texts = Array.from({ length: values }, (_, at) => valueText(at))

export class BatchBody {
  readonly bytes: Buffer
  private readonly places: { step: number; value: number; time: number }[] = []
  private readonly perSeries: number
  private next = firstStep
  private seed: number

  constructor(runId: string, points: number, seed: number) {
    this.perSeries = points / seriesCount
    this.seed = seed * 101
    let text = `{"projectId":"p","experimentId":${JSON.stringify(runId)},"type":"scalar","metrics":[`
    for (let at = 0; at < points; at++) {
      const key = `train/metric-${at % seriesCount}`
      text += `${at > 0 ? ',' : ''}{"key":"${key}","index":`
      const step = text.length
      text += `${'0'.repeat(stepDigits)},"data":`
      const value = text.length
      text += `${texts[0]},"create_time":"`
      const time = text.length
      text += `${timeText(firstStep)}"}`
      this.places.push({ step, value, time })
    }
    this.bytes = Buffer.from(`${text}]}`, 'latin1')
  }

  /** The next batch, in the same bytes. */
  write(): Buffer {
    let step = ''
    let time = ''
    for (const [at, place] of this.places.entries()) {
      if (at % seriesCount === 0) {
        const number = this.next + Math.floor(at / seriesCount)
        step = String(number)
        time = timeText(number)
      }
      this.bytes.write(step, place.step, 'latin1')
      this.bytes.write(texts[(this.seed + at * 13) % values] ?? '', place.value, 'latin1')
      this.bytes.write(time, place.time, 'latin1')
    }
    this.next += this.perSeries
    this.seed += 4099
    return this.bytes
  }
}
