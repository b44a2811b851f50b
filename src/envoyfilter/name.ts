/** Longest `metadata.name` written: a DNS-1123 label, so that the name also fits a label value. */
const LONGEST = 63

/**
 * A readable name and eight hexadecimal digits of the full identity, so that two identities that read alike (hosts
 * that differ in a character DNS does not allow, or after the cut) never share a name.
 */
export function objectName(parts: readonly string[], identity: string): string {
  const readable = parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
  const hash = fnv1a(identity)
  return `${readable.slice(0, LONGEST - hash.length - 1).replace(/-+$/, '')}-${hash}`
}

/** A text as the name of a label, or its value: as it is where Kubernetes takes it, else shortened with a hash of the whole. */
export function labelName(text: string): string {
  if (text.length <= LONGEST && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text)) return text
  const hash = fnv1a(text)
  const readable = text.replace(/[^-A-Za-z0-9_.]/g, '-').replace(/^[-_.]+/, '')
  return [readable.slice(0, LONGEST - hash.length - 1), hash].filter((part) => part !== '').join('-')
}

/** FNV-1a, 32 bit, over UTF-16 code units: enough beside a readable prefix, and it needs no module of the host. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
