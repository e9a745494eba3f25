import { tracking } from '@anneal/contract'

export type MediaKind = (typeof tracking.mediaKinds)[number]

const kinds: readonly string[] = tracking.mediaKinds
const isKind = (text: string): text is MediaKind => kinds.includes(text)

/** How the SDKs name the folder or the file of a medium, where that is not the name of the kind. */
const otherNames: Readonly<Record<string, MediaKind>> = {
  POINTCLOUD: 'OBJECT3D',
  TABLE: 'ECHARTS',
}

function kindNamed(name: string): MediaKind | null {
  const upper = name.toUpperCase()
  return isKind(upper) ? upper : (otherNames[upper] ?? null)
}

/**
 * What a path says of its kind: `media/image/004-….png` since SDK 0.8, `<key>/image-step4-….png` before. Null for
 * something else: a text that stands for itself.
 */
export function kindOfPath(path: string): MediaKind | null {
  const folder = /^media\/([A-Za-z0-9_]+)\//.exec(path)?.[1]
  const prefix = /(?:^|\/)([A-Za-z0-9_]+)-step\d+-[^/]*$/.exec(path)?.[1]
  return kindNamed(folder ?? prefix ?? '')
}

/** The kind of what a key holds: by its paths, else as it was declared, else a text. */
export function mediaKindOf(paths: readonly string[], declared: string | undefined): MediaKind {
  const byPath = paths.map(kindOfPath).find((kind) => kind !== null)
  return byPath ?? kindNamed(declared ?? '') ?? 'TEXT'
}
