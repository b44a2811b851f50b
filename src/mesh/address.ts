/** Whether a text is one IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text)
}

/** The address of a CIDR that holds exactly one, or the address itself; `undefined` for a larger range or no address. */
export function singleAddress(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  if (!isAddress(address) || rest.length > 0) return undefined
  return prefix === undefined || prefix === (isIPv4(address) ? '32' : '128') ? address : undefined
}

/** Four decimal bytes without leading zeros, as `inet_pton` has it. */
export function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

/** RFC 4291: eight groups, or fewer around one `::`; the last two may be an IPv4 address. */
export function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const dotted = last?.includes('.') ?? false
  if (last !== undefined && dotted && !(isIPv4(last) && text.endsWith(last))) return false
  const plain = dotted ? groups.slice(0, -1) : groups
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  const length = plain.length + (dotted ? 2 : 0)
  return halves.length === 2 ? length < 8 : length === 8
}
