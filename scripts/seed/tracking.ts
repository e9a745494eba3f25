import type { Client } from '../../tests/support/client.ts'
import type { Made } from './fill.ts'
import { SdkSession } from './sdk-session.ts'
import { logMedia } from './tracking-media.ts'

interface Curve {
  name: string
  steps: number
  rate: number
  rank: number
  method: 'sft' | 'dpo' | 'qlora'
  /** What the loss comes down to. */
  floor: number
  seed: number
  tags?: string[]
  /** From this step on it runs away, and breaks off a few steps later. */
  bursts?: number
  /** It has not ended. */
  live?: boolean
}

const curves: Curve[] = [
  { name: 'laptop-try-0', steps: 120, rate: 2e-4, rank: 8, method: 'sft', floor: 2.1, seed: 7 },
  { name: 'dpo-tone-b2', steps: 1400, rate: 5e-6, rank: 16, method: 'dpo', floor: 0.47, seed: 11 },
  { name: 'support-qlora-8b', steps: 2200, rate: 2e-4, rank: 16, method: 'qlora', floor: 0.83, seed: 42 },
  { name: 'support-sft-4b', steps: 2200, rate: 2e-4, rank: 16, method: 'sft', floor: 0.95, seed: 42 },
  {
    name: 'support-sft-lr5',
    steps: 2200,
    rate: 5e-4,
    rank: 16,
    method: 'sft',
    floor: 0.9,
    seed: 42,
    bursts: 690,
  },
  { name: 'support-sft-8b-r32', steps: 2200, rate: 2e-4, rank: 32, method: 'sft', floor: 0.78, seed: 42 },
  {
    name: 'support-sft-8b-r1',
    steps: 2200,
    rate: 1e-4,
    rank: 16,
    method: 'sft',
    floor: 0.85,
    seed: 1,
    tags: ['reviewed'],
  },
  {
    name: 'support-sft-8b-r2',
    steps: 2200,
    rate: 2e-4,
    rank: 16,
    method: 'sft',
    floor: 0.81,
    seed: 42,
    tags: ['candidate'],
    live: true,
  },
]

/** The same numbers each time: a seed's runs look alike on every instance. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 1_013_904_223) | 0
    return ((state >>> 8) & 0xffff) / 0xffff
  }
}

interface Scalar {
  key: string
  index: number
  data: number | 'nan'
  at: number
}

const secondsPerStep = 1.8

/** What a script would have logged, step by step. */
function scalarsOf(curve: Curve, startedAt: number): Scalar[] {
  const random = randomOf(curve.seed + curve.name.length * 31)
  const scalars: Scalar[] = []
  const last = curve.live ? Math.round(curve.steps * 0.62) : curve.bursts ? curve.bursts + 110 : curve.steps
  for (let step = 1; step <= last; step += 2) {
    const at = startedAt + step * secondsPerStep * 1000
    const beyond = curve.bursts === undefined ? 0 : Math.max(0, step - curve.bursts)
    const base = curve.floor + 1.45 * Math.exp(-step / (curve.steps / 6))
    const noise = (random() - 0.5) * 0.22
    const isLost = beyond > 20 && beyond <= 40
    const warm = Math.min(1, step / (curve.steps * 0.03))
    const decay = (1 + Math.cos((Math.PI * step) / curve.steps)) / 2
    const put = (key: string, data: number | 'nan') => scalars.push({ key, index: step, data, at })
    put('train/loss', isLost ? 'nan' : base + noise + (beyond / 45) ** 1.6)
    put('train/grad_norm', 0.55 + 1.6 * Math.exp(-step / 180) + random() * 0.12 + beyond / 40)
    put('train/learning_rate', curve.rate * warm * decay)
    put('train/tokens_per_second', (curve.name.includes('4b') ? 8200 : 4600) + (random() - 0.5) * 320)
    if (step % 100 === 1 && step > 1) {
      put('eval/loss', base + 0.06 + (beyond / 60) ** 1.4)
      put('eval/token_accuracy', 0.82 - base * 0.13 + (random() - 0.5) * 0.01 - beyond / 900)
    }
    if (step % 10 === 1) {
      put('__swanlab__.cpu.pct', 18 + random() * 12)
      put('__swanlab__.mem.pct', 41 + random() * 2)
      put('__swanlab__.gpu.0.pct', step % 200 < 20 ? 52 + random() * 8 : 93 + random() * 5)
      put('__swanlab__.gpu.0.mem.pct', 69 + random())
      put('__swanlab__.gpu.0.temp', 68 + random() * 5)
      put('__swanlab__.gpu.0.power', 280 + random() * 20)
    }
  }
  return scalars
}

function configOf(curve: Curve): Record<string, unknown> {
  return {
    method: curve.method,
    model: curve.name.includes('4b') ? 'Qwen3-4B' : 'Qwen3-8B',
    learning_rate: curve.rate,
    rank: curve.rank,
    batch_size: 16,
    gradient_accumulation: 2,
    seed: curve.seed,
    dataset: {
      name: 'support-dialogs',
      version: curve.seed === 1 ? 3 : 4,
      split: { train: 0.95, eval: 0.05 },
    },
    scheduler: 'cosine',
  }
}

const metadata = {
  hostname: 'gpu-box-1',
  os: 'Linux-6.8.0-x86_64-with-glibc2.39',
  python: '3.12.4',
  cwd: '/srv/support',
  command: 'python train.py --config support.yaml',
  git: { branch: 'main', commit: 'a41f09c2d7', remote: 'git@example.com:tidewell/support.git' },
  hardware: { cpu: { brand: 'AMD EPYC 7543', count: 32 }, memory: '256 GB', gpu: ['NVIDIA L40S 44.7 GB'] },
}

const requirements = [
  'accelerate==1.10.0',
  'peft==0.17.1',
  'torch==2.8.0',
  'transformers==4.56.1',
  'trl==0.23.0',
]

function linesOf(curve: Curve, scalars: readonly Scalar[]): { text: string; at: number; error?: boolean }[] {
  const losses = scalars.filter(({ key, index }) => key === 'train/loss' && index % 50 === 1)
  const first = scalars[0]?.at ?? 0
  const lines: { text: string; at: number; error?: boolean }[] = [
    {
      text: `LoRA rank ${curve.rank} on 7 module types: 43.6 M of 8.19 B parameters train (0.53%)`,
      at: first,
    },
    ...losses.map(({ index, data, at }) => ({
      text: `{'loss': ${typeof data === 'number' ? data.toFixed(4) : data}, 'epoch': ${(index / 1100).toFixed(2)}}`,
      at,
    })),
  ]
  if (curve.bursts !== undefined) {
    const at = scalars.at(-1)?.at ?? first
    lines.push({
      text: 'Traceback (most recent call last):\n  File "train.py", line 88, in <module>',
      at,
      error: true,
    })
    lines.push({ text: 'RuntimeError: the loss is not finite', at, error: true })
  }
  return lines
}

async function logRun(
  session: SdkSession,
  project: string,
  curve: Curve,
  startedAt: number,
): Promise<string> {
  const run = await session.startRun(project, { name: curve.name, labels: curve.tags ?? [], startedAt })
  await run.profile({ config: configOf(curve) })
  await run.profile({ metadata })
  await run.profile({ requirements: requirements.join('\n') })
  const scalars = scalarsOf(curve, startedAt)
  await run.scalars(scalars)
  await run.lines(linesOf(curve, scalars))
  if (curve.live) await logMedia(session, run.id, startedAt)
  if (!curve.live)
    await run.end(curve.bursts === undefined ? 'FINISHED' : 'CRASHED', scalars.at(-1)?.at ?? startedAt)
  return run.id
}

/** A project with eight runs, sent as an SDK sends them; the last one is still running. */
export async function fillTracking(client: Client, now = Date.now()): Promise<Made[]> {
  const session = await SdkSession.open(client)
  const project = await session.project('support')
  let runId = ''
  for (const [index, curve] of curves.entries()) {
    const hoursAgo = curve.live ? 0.7 : (curves.length - index) * 7
    runId = await logRun(session, project, curve, now - hoursAgo * 3_600_000)
  }
  const path = `/tracking/${session.workspace}/${project}`
  return [
    { what: 'project', name: project, path },
    { what: 'tracked run', name: curves.at(-1)?.name ?? '', path: `${path}/runs/${runId}` },
  ]
}
