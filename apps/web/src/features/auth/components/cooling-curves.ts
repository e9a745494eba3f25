export interface Curve {
  path: string
  strong: boolean
}

/** A small generator with a seed, so that the picture is the same on every visit. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
}

/** Loss curves that fall and settle, in a box of 1000 × 1000: many thin, some strong. */
export function coolingCurves(count = 52, seed = 26): Curve[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, index) => {
    const strong = index % 7 === 3
    const start = 100 + random() * 200
    const end = 590 + random() * 335
    const speed = 2.6 + random() * 2.6
    let wander = 0
    let path = ''
    for (let step = 0; step <= 64; step++) {
      const share = step / 64
      wander = wander * 0.72 + (random() - 0.5) * 26 * Math.exp(-share * 2.6)
      const y = end - (end - start) * Math.exp(-share * speed * 1.35) + wander
      path += `${step ? 'L' : 'M'}${(share * 1000).toFixed(1)} ${y.toFixed(1)}`
    }
    return { path, strong }
  })
}
