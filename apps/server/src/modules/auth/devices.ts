import Bowser from 'bowser'

export interface DeviceWords {
  /** Proper names, as 'Firefox' and 'macOS'; null where the client did not say. */
  browser: string | null
  system: string | null
  kind: 'computer' | 'phone' | 'program'
}

/** What a session's client says it is; what names no system is a program, as curl is. */
export function deviceWords(userAgent: string | null): DeviceWords {
  if (!userAgent) return { browser: null, system: null, kind: 'program' }
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (!os.name) return { browser: /^[\w.-]+/.exec(userAgent)?.[0] ?? null, system: null, kind: 'program' }
  const isSmall = platform.type === 'mobile' || platform.type === 'tablet'
  return { browser: browser.name || null, system: os.name, kind: isSmall ? 'phone' : 'computer' }
}
