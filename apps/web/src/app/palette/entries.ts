import type { Permission, RouteReply } from '@anneal/contract'
import type { Component } from 'vue'

export type Found = RouteReply<'home.search'>['items'][number]
export type FoundKind = Found['kind']

/** One line of the palette. */
export interface Entry {
  key: string
  label: string
  note?: string | undefined
  icon: Component
  /** What else it is found by: its name in the other language. */
  words?: readonly string[]
  keys?: string
  to?: string
  run?: () => void
  permission?: Permission
}

export interface Section {
  key: 'recent' | 'pages' | 'found' | 'do'
  entries: readonly Entry[]
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().trim()

/** 0: not what was asked for; else the better the higher: the whole name, its beginning, that of a word, any place. */
export function matchRank(entry: Pick<Entry, 'label' | 'words'>, asked: string): number {
  const text = plain(asked)
  if (text === '') return 1
  let best = 0
  for (const name of [entry.label, ...(entry.words ?? [])].map(plain)) {
    if (name === text) best = Math.max(best, 4)
    else if (name.startsWith(text)) best = Math.max(best, 3)
    else if (name.split(/[\s/_-]+/).some((word) => word.startsWith(text))) best = Math.max(best, 2)
    else if (name.includes(text)) best = Math.max(best, 1)
  }
  return best
}

/** Those that fit, the best first, in their own order where they are alike. */
export function matching(entries: readonly Entry[], asked: string): Entry[] {
  return entries
    .map((entry, at) => ({ entry, at, rank: matchRank(entry, asked) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank || a.at - b.at)
    .map(({ entry }) => entry)
}
