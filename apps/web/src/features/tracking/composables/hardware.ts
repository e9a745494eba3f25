export interface HardwareName {
  /** Key of the text under `tracking.hardware`. */
  text: string
  /** Which of several, as of GPUs; from the key. */
  index: string | null
  unit: 'percent' | 'megabytes' | 'celsius' | 'watts' | 'count'
}

const units: Readonly<Record<string, HardwareName['unit']>> = {
  pct: 'percent',
  thds: 'count',
  proc: 'megabytes',
  'proc.pct': 'percent',
  'proc.avail': 'megabytes',
  'mem.pct': 'percent',
  'mem.value': 'megabytes',
  'mem.time': 'percent',
  temp: 'celsius',
  power: 'watts',
}

const shared = /^__swanlab__\.(cpu|mem|disk|network)\.(.+)$/
const device = /^__swanlab__\.(gpu|npu|mlu|dcu|xpu|tpu)\.(\d+)\.(.+)$/

/** What the SDK's own keys mean: `__swanlab__.gpu.0.mem.pct`. Null for one that is not known. */
export function hardwareName(key: string): HardwareName | null {
  const ofDevice = device.exec(key)
  const [, part, index, what] = ofDevice ?? []
  if (part && index && what) {
    const unit = units[what]
    return unit ? { text: `${part}.${what.replaceAll('.', '-')}`, index, unit } : null
  }
  const [, own, measure] = shared.exec(key) ?? []
  const unit = measure === undefined ? undefined : units[measure]
  return own && measure && unit ? { text: `${own}.${measure.replaceAll('.', '-')}`, index: null, unit } : null
}
