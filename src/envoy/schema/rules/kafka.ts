import { type CppRule, children, finding, when } from './rule.ts'

const MESH = 'envoy.extensions.filters.network.kafka_mesh.v3alpha.KafkaMesh'

/** Rules of kafka_mesh, read from contrib/kafka/filters/network/source/mesh/upstream_config.cc: no build of it is to be had. */
export const kafkaRules: readonly CppRule[] = [
  {
    on: MESH,
    name: 'kafka-clusters',
    says: 'there is at least one upstream cluster, and none by the name of another',
    envoy: 'kafka-mesh filter needs to have at least one upstream Kafka cluster',
    isContrib: true,
    find: (mesh) => {
      const names = children(mesh, 'upstream_clusters').map(([i, { cluster_name: name }]) => ({ i, name }))
      const again = names.filter(({ name }, n) => names.slice(0, n).some((other) => other.name === name))
      return [
        ...when(names.length === 0, ['upstream_clusters'], 'must have at least 1 item'),
        ...again.map(({ i, name }) =>
          finding(['upstream_clusters', i, 'cluster_name'], `must be the only one: "${name}" stands there already`),
        ),
      ]
    },
  },
  {
    on: MESH,
    name: 'kafka-rules',
    says: 'there is at least one forwarding rule, and each names a topic prefix and an upstream cluster of the filter',
    envoy: 'kafka-mesh filter forwarding rule is referencing unknown upstream Kafka cluster',
    isContrib: true,
    find: (mesh) => {
      const names = children(mesh, 'upstream_clusters').map(([, { cluster_name: name }]) => name)
      const rules = children(mesh, 'forwarding_rules')
      return [
        ...when(rules.length === 0, ['forwarding_rules'], 'must have at least 1 item'),
        ...rules.flatMap(([i, rule]) => [
          // Envoy asserts it, and an assertion is undefined behaviour in a release build.
          ...when(rule.topic_prefix === undefined, ['forwarding_rules', i], 'must have `topic_prefix`'),
          ...when(
            !names.includes(rule.target_cluster),
            ['forwarding_rules', i, 'target_cluster'],
            'must be the `cluster_name` of one of `upstream_clusters`',
          ),
        ]),
      ]
    },
  },
]
