import { expect, test } from 'vitest'
import { hardwareName } from './hardware.ts'

test.each([
  ['__swanlab__.cpu.pct', { text: 'cpu.pct', index: null, unit: 'percent' }],
  ['__swanlab__.mem.proc.avail', { text: 'mem.proc-avail', index: null, unit: 'megabytes' }],
  ['__swanlab__.gpu.3.mem.pct', { text: 'gpu.mem-pct', index: '3', unit: 'percent' }],
  ['__swanlab__.npu.0.temp', { text: 'npu.temp', index: '0', unit: 'celsius' }],
  ['__swanlab__.gpu.0.unheard', null],
  ['__swanlab__.cpu', null],
  ['train/loss', null],
])('%s', (key, expected) => expect(hardwareName(key)).toEqual(expected))
