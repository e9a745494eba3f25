const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    if (formats.size > 100) formats.clear()
    formats.set(zone, format)
  }
  return format
}

/** Whether there is an IANA zone of this name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** The day ('2026-11-24') and the minutes since midnight at a time, in a zone. */
function localTime(zone: string, time: number): { day: string; minutes: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  )
  return {
    day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
}

/** The days of a zone that a span touches, with the time at which each begins; those of a change of clocks are as long as they are. */
export function daysOf(zone: string, from: number, to: number): { day: string; begin: number }[] {
  const days: { day: string; begin: number }[] = []
  let time = from
  while (time < to) {
    const { day, minutes } = localTime(zone, time)
    if (days.at(-1)?.day !== day) days.push({ day, begin: time })
    /* To the next midnight by the clock, then on to where the day has truly changed. */
    let next = time + (1440 - minutes) * 60_000
    while (localTime(zone, next).day === day) next += 15 * 60_000
    const back = localTime(zone, next).minutes
    time = back > 0 && back <= 120 && next - back * 60_000 > time ? next - back * 60_000 : next
    if (time <= (days.at(-1)?.begin ?? 0)) time = next + dayMs
  }
  return days
}
