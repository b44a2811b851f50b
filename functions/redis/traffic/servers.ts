import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Program, ProgramPod } from '../../../test/mesh/traffic/driver.ts'
import { writeClusterState } from './cluster-state.ts'

/** The nodes of mesh.yaml that are one Redis Cluster by TLS. */
const TLS_NODES = { 'tls-a': '10.1.0.61', 'tls-b': '10.1.0.62', 'tls-c': '10.1.0.63' }

/** Those of another, who say their names instead of their addresses, as managed ones do. */
const NAMED_NODES = { 'named-a': '10.1.0.66', 'named-b': '10.1.0.67' }

/** Where clients ask for them. */
const CONFIGURATION = { configuration: '10.1.0.68' }

/** Arguments of names.mjs. */
export const NAMES = Object.entries({ ...NAMED_NODES, ...CONFIGURATION }).map(
  ([name, address]) => `${nameOf(name)}=${address}`,
)

function nameOf(node: string): string {
  return `${node}.redis.example`
}

/** Ways to run Redis' own server. Each has a folder of its own below `state`. */
export class RedisServers {
  readonly #state: string
  readonly #certificates: string

  constructor(state: string, certificates: string) {
    this.#state = state
    this.#certificates = certificates
  }

  plain(pod: ProgramPod, ...lines: readonly string[]): Program {
    return this.#start(pod, [`port ${pod.ports[0]}`, ...lines])
  }

  /** A node that somebody joins with others. */
  node(pod: ProgramPod): Program {
    return this.plain(pod, ...clusterLines(pod))
  }

  /** A Redis Cluster of one node. */
  loneNode(pod: ProgramPod): Program {
    writeClusterState(this.#folder(pod), pod.name, { [pod.name]: pod.address })
    return { ...this.node(pod), ready: SERVES }
  }

  /** One of three masters that speak nothing but TLS, among themselves too. */
  tlsNode(pod: ProgramPod): Program {
    writeClusterState(this.#folder(pod), pod.name, TLS_NODES)
    const lines = [...this.#tlsLines(pod, 'by-name'), 'tls-auth-clients no']
    return { ...this.#start(pod, [...lines, ...clusterLines(pod)]), ready: SERVES }
  }

  /** One of two masters that are told of by name. */
  namedTlsNode(pod: ProgramPod): Program {
    writeClusterState(this.#folder(pod), pod.name, NAMED_NODES)
    const names = [`cluster-announce-hostname ${nameOf(pod.name)}`, 'cluster-preferred-endpoint-type hostname']
    const lines = [...this.#tlsLines(pod, 'wildcard'), 'tls-auth-clients no', ...names]
    return { ...this.#start(pod, [...lines, ...clusterLines(pod)]), ready: SERVES }
  }

  /** The door to one of them. */
  gate(pod: ProgramPod): Program {
    const files = ['ca.crt', 'wildcard.crt', 'wildcard.key'].map((name) => join(this.#certificates, name))
    const script = join(import.meta.dirname, 'gate.mjs')
    return { command: ['node', script, nameOf(pod.name), ...files, NAMED_NODES['named-a']], ready: 'ready' }
  }

  /** A Redis Cluster of one node, which asks for a certificate and for the newest TLS. */
  mutualTlsNode(pod: ProgramPod): Program {
    writeClusterState(this.#folder(pod), pod.name, { [pod.name]: pod.address })
    const lines = [...this.#tlsLines(pod, 'by-address'), 'tls-auth-clients yes', 'tls-protocols "TLSv1.3"']
    return { ...this.#start(pod, [...lines, ...clusterLines(pod)]), ready: SERVES }
  }

  #tlsLines({ ports }: ProgramPod, pair: string): readonly string[] {
    const file = (name: string): string => join(this.#certificates, name)
    return [
      'port 0',
      `tls-port ${ports[0]}`,
      'tls-cluster yes',
      `tls-cert-file ${file(`${pair}.crt`)}`,
      `tls-key-file ${file(`${pair}.key`)}`,
      `tls-ca-cert-file ${file('ca.crt')}`,
    ]
  }

  /** Its configuration file bears the pod's name, by which `INFO server` tells who answers. */
  #start(pod: ProgramPod, lines: readonly string[]): Program {
    const folder = this.#folder(pod)
    const file = join(folder, `${pod.name}.conf`)
    const common = ['protected-mode no', 'bind 0.0.0.0', 'save ""', 'appendonly no', `dir ${folder}`]
    writeFileSync(file, [...common, 'logfile /dev/stderr', ...lines, ''].join('\n'))
    return { command: ['redis-server', file], ready: 'Ready to accept connections' }
  }

  #folder({ name }: ProgramPod): string {
    const folder = join(this.#state, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

/** What a node logs when it and enough others know who has which slot. */
const SERVES = 'Cluster state changed: ok'

/** Nodes call one that is silent for two seconds dead: soon enough for a test that kills one, late enough for a busy machine. */
function clusterLines({ address }: ProgramPod): readonly string[] {
  return ['cluster-enabled yes', 'cluster-node-timeout 2000', `cluster-announce-ip ${address}`]
}
