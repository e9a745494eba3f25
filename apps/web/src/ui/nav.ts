import type { Component } from 'vue'

export interface NavEntry {
  key: string
  label: string
  icon: Component
  to: string
  active: boolean
  /** How many run now; 0 shows nothing. */
  live: number
}

export interface NavGroup {
  key: string
  /** The first group has none. */
  label: string | null
  entries: NavEntry[]
}
