import { createInterface } from 'node:readline'
import { isObject } from '../json.ts'
import type { Children, Running } from '../net/children.ts'
import { readLog } from '../net/log.ts'
import { waitFor } from '../net/wait.ts'
import type { Program, Reply } from './driver.ts'

/** A program in a pod. */
export interface ProgramRun {
  readonly running: Running
  readonly log: string
  /** Has it make calls; rejects if it ends or takes longer than a minute. */
  call(call: object): Promise<readonly Reply[]>
}

interface Answer {
  readonly replies?: readonly Reply[]
  readonly problem?: string
}

/** Starts a program in a pod's network and waits until it says that it can be used. */
export async function startProgram(
  children: Children,
  namespace: string,
  program: Program,
  log: string,
): Promise<ProgramRun> {
  const start = readLog(log).length
  const running = children.start('ip', ['netns', 'exec', namespace, ...program.command], { log, pipes: true })
  const answers: ((answer: Answer) => void)[] = []
  if (running.child.stdout !== null)
    createInterface({ input: running.child.stdout }).on('line', (line) => {
      const answer: unknown = line.startsWith('> ') ? JSON.parse(line.slice(2)) : undefined
      if (isObject(answer)) answers.shift()?.(answer)
    })
  const ready = await waitFor(30_000, () => {
    if (!running.alive()) return false
    return program.ready === undefined || readLog(log).slice(start).includes(program.ready) ? true : undefined
  })
  if (ready !== true) throw new Error(`\`${program.command.join(' ')}\` did not become ready: see ${log}`)
  return { running, log, call: (call) => ask(running, answers, call, log) }
}

function ask(
  running: Running,
  answers: ((answer: Answer) => void)[],
  call: object,
  log: string,
): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the calling program did not answer within a minute: see ${log}`)),
      60_000,
    )
    const done = (): void => {
      clearTimeout(timer)
      running.child.off('exit', ended)
    }
    const ended = (): void => {
      done()
      reject(new Error(`the calling program ended: see ${log}`))
    }
    running.child.once('exit', ended)
    answers.push(({ replies, problem }) => {
      done()
      if (replies === undefined) reject(new Error(problem ?? 'the calling program answered without replies'))
      else resolve(replies)
    })
    running.child.stdin?.write(`${JSON.stringify(call)}\n`)
  })
}
