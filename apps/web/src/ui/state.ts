/** A state is a shape, then a word, then a colour. `live` is for what runs now, and for nothing else. */
export type State = 'live' | 'ok' | 'warn' | 'danger' | 'queued' | 'idle' | 'off'

export type Tone = 'neutral' | 'outline' | 'accent' | 'live' | 'ok' | 'warn' | 'danger'
