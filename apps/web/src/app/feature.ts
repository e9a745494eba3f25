import type { Permission } from '@anneal/contract'
import type { Component, Ref } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Anyone may open it; it stands outside the frame. */
    public?: boolean
    /** Else 'no permission' is shown in its place. */
    permission?: Permission
    /** Names the page in the browser's title. */
    titleKey?: string
  }
}

export interface Navigation {
  group: 'use' | 'build' | 'serve' | 'govern' | null
  /** Within its group, from 1. */
  order: number
  icon: Component
  labelKey: string
  /** Where a click leads; the entry is marked on this path and those below it. */
  path: string
  permission?: Permission
  /** The letter that follows G, lower case. */
  key?: string
  /** Place in a phone's bottom bar, from 1; the first four are shown, the rest under More. */
  phone?: number
  /** How many run now; called in the shell's setup. Zero shows nothing. */
  useLive?: () => Readonly<Ref<number>>
}

/** What a feature adds to the page: `features/<module>/feature.ts` exports it as `feature`. */
export interface Feature {
  routes: RouteRecordRaw[]
  navigation?: Navigation | Navigation[]
}
