import ipaddr from 'ipaddr.js'

/** `forbidden`: link-local, metadata services, multicast and what is no address of one machine. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden'

/** Metadata services of clouds that lie outside the link-local ranges. */
const METADATA = new Set(['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'])

/** Names of metadata services: a proxy would resolve them itself, where no address can be checked. */
const METADATA_NAMES = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data'])

const KINDS: Record<string, AddressKind> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  loopback: 'loopback',
}

function fromBytes(bytes: number[]): ipaddr.IPv4 {
  return new ipaddr.IPv4(bytes)
}

/** The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, NAT64. */
function innerV4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  const bytes = address.toByteArray()
  const parts = address.parts
  if (parts[0] === 0x2002) return fromBytes(bytes.slice(2, 6))
  if (parts[0] === 0x64 && parts[1] === 0xff9b) return fromBytes(bytes.slice(12))
  const compatible = parts.slice(0, 6).every((part) => part === 0)
  if (compatible && (parts[6] !== 0 || (parts[7] ?? 0) > 1)) return fromBytes(bytes.slice(12))
  // ISATAP: …:0:5efe:a.b.c.d
  if ((parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe) return fromBytes(bytes.slice(12))
  return null
}

/* Few addresses are called, and each many times. */
const mostKnown = 1000

function remembering<T>(judge: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const value = judge(text)
    if (known.size >= mostKnown) known.clear()
    known.set(text, value)
    return value
  }
}

/** One spelling for each address: v4 within v6 becomes v4, zones and brackets go. Null where it is no address. */
export const plainAddress = remembering((text): string | null => {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (!ipaddr.isValid(bare)) return null
  const address = ipaddr.parse(bare)
  if (address instanceof ipaddr.IPv6) return (innerV4(address) ?? address).toString()
  return address.toString()
})

export const addressKind = remembering((text): AddressKind => {
  const plain = plainAddress(text)
  if (plain === null || METADATA.has(plain)) return 'forbidden'
  return KINDS[ipaddr.parse(plain).range()] ?? 'forbidden'
})

export function isMetadataName(name: string): boolean {
  return METADATA_NAMES.has(name.toLowerCase().replace(/\.$/, ''))
}
