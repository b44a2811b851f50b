import { inNamespace, ip, type Namespaces } from '../net/namespaces.ts'
import { PROXY_USER } from '../net/sidecar.ts'

/** The address of the bridge, which stands for everything outside the mesh. */
const HUB_ADDRESS = '10.1.0.1'

/** A network of pods: a namespace each, joined by a bridge in a namespace of its own. Nothing reaches the machine's own network. */
export interface PodNetwork {
  readonly hub: string
  /** Adds a pod; with a sidecar, its TCP traffic goes through ports 15001 and 15006 as Istio's init container arranges it. */
  add(name: string, address: string, sidecar: boolean): string
  remove(): void
}

export function podNetwork(namespaces: Namespaces): PodNetwork {
  const hub = namespaces.add('hub')
  ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge')
  ip('-n', hub, 'address', 'add', `${HUB_ADDRESS}/16`, 'dev', 'bridge')
  ip('-n', hub, 'link', 'set', 'bridge', 'up')
  const made = [hub]
  return {
    hub,
    add: (name, address, sidecar) => {
      const namespace = namespaces.add(name)
      const port = `pod${made.push(namespace)}`
      ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
      ip('-n', hub, 'link', 'set', port, 'master', 'bridge', 'up')
      ip('-n', namespace, 'address', 'add', `${address}/16`, 'dev', 'eth0')
      ip('-n', namespace, 'link', 'set', 'eth0', 'up')
      ip('-n', namespace, 'route', 'add', 'default', 'via', HUB_ADDRESS)
      if (sidecar) redirect(namespace)
      return namespace
    },
    remove: () => {
      for (const namespace of made) namespaces.remove(namespace)
    },
  }
}

function redirect(namespace: string): void {
  const nat = (...rule: readonly string[]): void => inNamespace(namespace, 'iptables', '-w', '-t', 'nat', ...rule)
  nat('-A', 'OUTPUT', '-m', 'owner', '--uid-owner', String(PROXY_USER), '-j', 'RETURN')
  nat('-A', 'OUTPUT', '-o', 'lo', '-j', 'RETURN')
  nat('-A', 'OUTPUT', '-p', 'tcp', '-j', 'REDIRECT', '--to-ports', '15001')
  nat('-A', 'PREROUTING', '-p', 'tcp', '-j', 'REDIRECT', '--to-ports', '15006')
}
