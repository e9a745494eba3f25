import { crc32, deflateSync } from 'node:zlib'
import type { SdkSession } from './sdk-session.ts'

interface Medium {
  key: string
  index: number
  path: string
  bytes: Buffer
  caption?: string
  at: number
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A square picture as PNG; `colourAt` gives red, green and blue of a point. */
function png(size: number, colourAt: (x: number, y: number) => [number, number, number]): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (__, x) => colourAt(x, y)).flat()]),
  )
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = chunk('IDAT', deflateSync(Buffer.concat(rows)))
  return Buffer.concat([signature, chunk('IHDR', head), data, chunk('IEND', Buffer.alloc(0))])
}

const classes = 8

/** How often each kind of request was taken for each other one: the diagonal grows with the training. */
function confusion(progress: number): Buffer {
  const cell = 24
  return png(classes * cell, (x, y) => {
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)]
    const near = 1 / (1 + Math.abs(column - row) * (1 + progress * 4))
    const share = column === row ? 0.35 + 0.6 * progress : near * (1 - progress) * 0.7
    const shade = Math.round(247 - share * 190)
    return [shade - 12, Math.min(247, shade + 22), shade]
  })
}

const answers = [
  'We send you a new one. It may take some time.',
  'I am sorry that it broke. Send us a picture, and we send you a new one.',
  'I am sorry that the kettle broke. You have a guarantee of two years: a new one leaves today, and is with you on Thursday.',
]

const table = (rows: (string | number)[][]) =>
  Buffer.from(
    JSON.stringify({
      _swanLab: 'table',
      colDefs: ['intent', 'precision', 'recall', 'count'].map((field) => ({ field })),
      rowData: rows.map(([intent, precision, recall, count]) => ({ intent, precision, recall, count })),
    }),
  )

function mediaOf(startedAt: number): Medium[] {
  return [400, 800, 1200].flatMap((index, place) => {
    const at = startedAt + index * 1800
    const number = String(index).padStart(3, '0')
    const progress = (place + 1) / 3
    const rows = ['refund', 'delivery', 'defect', 'invoice'].map((intent, row) => [
      intent,
      Math.round((0.7 + 0.25 * progress - row * 0.02) * 1000) / 1000,
      Math.round((0.66 + 0.28 * progress - row * 0.015) * 1000) / 1000,
      412 - row * 67,
    ])
    return [
      {
        key: 'eval/confusion',
        index,
        path: `media/image/${number}-confusion.png`,
        bytes: confusion(progress),
        caption: `Eight intents, step ${index}`,
        at,
      },
      {
        key: 'eval/answer',
        index,
        path: `media/text/${number}-answer.txt`,
        bytes: Buffer.from(answers[place] ?? ''),
        caption: 'My kettle broke after a month. What now?',
        at,
      },
      { key: 'eval/intents', index, path: `media/echarts/${number}-intents.json`, bytes: table(rows), at },
    ]
  })
}

/** Pictures, texts and tables of one run, sent as an SDK sends them: the bytes first, then what they are. */
export async function logMedia(session: SdkSession, cuid: string, startedAt: number): Promise<void> {
  const media = mediaOf(startedAt)
  const paths = media.map(({ path }) => path)
  const { urls } = (await session.send('POST', '/resources/presigned/put', {
    experimentId: cuid,
    paths,
  })) as { urls: string[] }
  for (const [place, { bytes }] of media.entries())
    await fetch(urls[place] ?? '', { method: 'PUT', body: new Uint8Array(bytes) })
  await session.send('POST', '/house/metrics', {
    type: 'media',
    experimentId: cuid,
    metrics: media.map(({ key, index, path, caption, at }) => ({
      key,
      index,
      data: [path],
      more: [caption === undefined ? null : { caption }],
      create_time: new Date(at).toISOString(),
    })),
  })
}
