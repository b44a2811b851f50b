/** Whether a feature is another or a part of it. */
export function isWithin(name: string, outer: string): boolean {
  return name === outer || name.startsWith(`${outer}.`)
}

/** A traffic policy means the same wherever it stands: for the host, for a subset or for a port. */
export function settingName(name: string): string {
  return name
    .replace('DestinationRule.subsets.trafficPolicy', 'DestinationRule.trafficPolicy')
    .replace('.portLevelSettings', '')
}
