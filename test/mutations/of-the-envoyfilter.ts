import { GOLDEN, type Mutation, replaceInOutput } from './mutation.ts'

/** Faults that the shared part of a function can have in the EnvoyFilters themselves: where they stand, and for whom. */
export const envoyFilterMutations: readonly Mutation[] = [
  {
    name: 'port 0 is matched',
    caughtBy: 'a filter names the port that asked for it',
    on: 'defaults',
    mutate: replaceInOutput(/_20880"/g, '_0"'),
  },
  {
    name: "the first service's port is matched for every service",
    caughtBy: 'a filter names the port that asked for it',
    on: 'other-host',
    mutate: replaceInOutput('240.240.0.40_20990', '240.240.0.40_20880'),
  },
  {
    name: 'the address of another service is matched',
    caughtBy: 'a filter names the port that asked for it',
    on: 'other-host',
    mutate: replaceInOutput('240.240.0.40_20990', '240.240.0.10_20990'),
  },
  {
    name: 'the address that the profile gives to another service is matched',
    caughtBy: 'a filter names the port that asked for it',
    on: 'address-from-profile',
    mutate: replaceInOutput('10.96.0.20_20880', '10.96.0.10_20880'),
  },
  {
    name: 'an address that the profile gives is left out',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'address-from-profile',
    mutate: replaceInOutput('10.96.0.20_20880', '0.0.0.0_20880'),
  },
  {
    name: 'one of several addresses is left out',
    caughtBy: 'a port that asks for the protocol gets a filter or a result',
    on: 'several-vips',
    mutate: replaceInOutput('240.240.0.11_20880', '240.240.0.10_20880'),
  },
  {
    name: 'inbound and outbound are swapped',
    caughtBy: 'a filter names the port that asked for it',
    on: 'defaults',
    mutate: replaceInOutput(/SIDECAR_OUTBOUND/g, 'SIDECAR_INBOUND'),
  },
  {
    name: 'the inbound chain is found by the port of the service',
    caughtBy: 'a filter names the port that asked for it',
    on: 'inbound',
    mutate: replaceInOutput('destinationPort: 20890', 'destinationPort: 20880'),
  },
  {
    name: 'the filter goes to the wrong namespace',
    caughtBy: GOLDEN,
    on: 'defaults',
    mutate: replaceInOutput('namespace: istio-system', 'namespace: default'),
  },
  {
    name: 'a field of Envoy is misspelt',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'defaults',
    mutate: replaceInOutput('stat_prefix:', 'stat_prfix:'),
  },
  {
    name: 'a field of the EnvoyFilter is misspelt',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'defaults',
    mutate: replaceInOutput('configPatches:', 'configPatch:'),
  },
]
