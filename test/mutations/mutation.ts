import { map, type OutboundListener, type Plan, type Protocol } from 'meltemi'
import { type Subject, subjectOf } from 'meltemi/testing'

/** A fault put in on purpose, and the check that must go red for it. */
export interface Mutation {
  readonly name: string
  /** The name of a law, or `GOLDEN`. */
  readonly caughtBy: string
  /** The golden case on which it must be caught. */
  readonly on: string
  readonly mutate: (protocol: Protocol) => Subject
}

export const GOLDEN = 'the golden case'

/** A function whose output, if any, is spoilt. */
export function spoilOutput(spoil: (output: string) => string): Mutation['mutate'] {
  return (protocol) => {
    const { run } = subjectOf(protocol)
    return {
      protocol,
      run: async (text) => {
        const execution = await run(text)
        return { ...execution, output: execution.output === undefined ? undefined : spoil(execution.output) }
      },
    }
  }
}

export function replaceInOutput(pattern: string | RegExp, text: string): Mutation['mutate'] {
  return spoilOutput((output) => output.replace(pattern, text))
}

/** The real function around a protocol that sees other listeners, or answers otherwise. The laws judge by the sound one. */
export function spoilProtocol(spoil: (protocol: Protocol) => Protocol): Mutation['mutate'] {
  return (protocol) => ({ protocol, run: subjectOf(spoil(protocol)).run })
}

/** A protocol that says something else for each client-side listener. */
export function spoilPlan(spoil: (plan: Plan, listener: OutboundListener) => Plan): Mutation['mutate'] {
  return spoilProtocol((protocol) => ({
    ...protocol,
    outbound: (listener, context) => map(protocol.outbound(listener, context), (plan) => spoil(plan, listener)),
  }))
}

/** A protocol that is told of other listeners than there are. */
export function spoilListener(spoil: (listener: OutboundListener) => OutboundListener): Mutation['mutate'] {
  return spoilProtocol((protocol) => ({
    ...protocol,
    outbound: (listener, context) => protocol.outbound(spoil(listener), context),
  }))
}
