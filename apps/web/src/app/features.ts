import type { Feature, Navigation } from './feature.ts'

const found = import.meta.glob<{ feature: Feature }>('../features/*/feature.ts', { eager: true })

export const features: Feature[] = Object.values(found).map((module) => module.feature)

const groupOrder = [null, 'use', 'build', 'serve', 'govern'] as const

/** Every entry of the navigation, by group and order. */
export const navigation: Navigation[] = features
  .flatMap((feature) => feature.navigation ?? [])
  .sort((a, b) => groupOrder.indexOf(a.group) - groupOrder.indexOf(b.group) || a.order - b.order)
