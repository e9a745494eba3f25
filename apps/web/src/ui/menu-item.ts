import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface MenuItem {
  label: string
  icon?: Component
  run?: () => void
  to?: RouteLocationRaw
  danger?: boolean
  disabled?: boolean
  /** Shows a tick: one of several choices. */
  checked?: boolean
  keys?: string
  /** A line above it. */
  divided?: boolean
  /** Small, at the right. */
  note?: string
}
