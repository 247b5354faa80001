// Starts the runs of tasks when they are due, however long ago that was: each opens one session.
import type { CommandBus } from '../commands/command.ts'
import type { TaskReader } from '../commands/command-bus.ts'
import { derivedSessionId } from '../commands/new-id.ts'
import type { TaskRun } from '../domain/task/task-state.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { taskId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, later, type Reactor } from './reactor.ts'

export interface TaskStarterDependencies {
  readonly bus: CommandBus
  readonly tasks: TaskReader
}

/** Below this much left, a delivery is put off to the very moment. */
const shortMs = 3_600_000

export const createTaskStarter = ({ bus, tasks }: TaskStarterDependencies): Reactor => {
  const send = createSendFrom(bus, 'task-starter')

  /** @returns the milliseconds still to wait; 0 when nothing is left to do. */
  const keep = async (commit: Commit, event: RecordedEvent): Promise<number> => {
    const number = runOf(event)
    if (number === null) return 0
    const { org } = commit.stream
    const id = taskId.parse(commit.stream.id)
    const state = await tasks.task(org, id, commit.sequence)
    if (state.status === 'absent') return 0
    const run = state.runs[number]
    if (run === undefined) return 0
    if (event.type === 'task.started') {
      const { title, input, chain, labels, priority, overrides } = state.scheduled
      const data: CommandData<'StartSession'> = {
        sessionId: event.data.sessionId,
        title,
        input,
        origin: { kind: 'task', taskId: id, run: number },
        ...(chain !== undefined && { chain }),
        labels,
        ...(priority !== undefined && { priority }),
        ...(overrides !== undefined && { overrides }),
      }
      await send(commit, event.id, `${id}:${number}:session`, 'StartSession', data)
      return 0
    }
    if (run.status !== 'waiting') return 0
    const left = Date.parse(run.at) - Date.now()
    if (left > 0) return left
    const sessionId = sessionOf(org, id, run)
    await send(commit, event.id, `${id}:${number}:due`, 'BeginTaskRun', { taskId: id, run: number, sessionId })
    return 0
  }

  return {
    name: 'task-starter',
    reactsTo: ['task.scheduled', 'task.run_scheduled', 'task.started'],
    // Each holds nothing but a delivery that the server gives out again when its time has come.
    concurrency: 8192,
    react: async (commit) => {
      const waits = await Promise.all(commit.events.map((event) => keep(commit, event)))
      const left = Math.min(...waits.filter((wait) => wait > 0))
      return Number.isFinite(left) ? later(delayOf(left)) : done
    },
  }
}

/** Half of what is left: a changed clock is noticed, and months take few deliveries, which are counted. */
const delayOf = (left: number): number => Math.min(left, Math.max(shortMs, left / 2))

const sessionOf = (org: string, id: string, { run, at }: TaskRun) =>
  derivedSessionId(new Date(at), `task:${org}:${id}:${run}`)

const runOf = (event: RecordedEvent): number | null => {
  switch (event.type) {
    case 'task.scheduled':
      return 1
    case 'task.run_scheduled':
    case 'task.started':
      return event.data.run
    default:
      return null
  }
}
