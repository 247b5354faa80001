// The task aggregate: decides when a run is due, that it starts once, and whether another one follows.
import type { CommandData, CommandMetadata, TaskCommand } from '../../schemas/commands.ts'
import type { EventData, TaskEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision, reject, unreachable } from '../decider.ts'
import { absentTask, evolveTask, type PresentTask, type TaskRun, type TaskState } from './task-state.ts'

type Decided = Decision<TaskEvent>

const decide = (command: TaskCommand, state: TaskState, metadata: CommandMetadata): Decided => {
  if (command.type === 'ScheduleTask') return schedule(command.data, state, metadata)
  if (state.status === 'absent') return reject('task_not_found', `No task ${command.data.taskId}.`)
  switch (command.type) {
    case 'CancelTask':
      return cancel(command.data, state, metadata)
    case 'RerunTask':
      return accept(runScheduled(state, metadata.at, 'rerun'))
    case 'BeginTaskRun':
      return begin(command.data, state, metadata)
    case 'RecordTaskRun':
      return record(command.data, state)
    default:
      return unreachable(command)
  }
}

const schedule = (
  { at, ...data }: CommandData<'ScheduleTask'>,
  state: TaskState,
  metadata: CommandMetadata,
): Decided => {
  const due = at === undefined ? metadata.at : utc(at)
  if (state.status === 'absent') return accept({ type: 'task.scheduled', data: { ...data, at: due } })
  const { at: before, ...known } = state.scheduled
  const same = JSON.stringify(sorted(known)) === JSON.stringify(sorted(data)) && (at === undefined || due === before)
  return same ? alreadySo : reject('task_exists', `Task ${data.taskId} exists with another content.`)
}

/** Sessions under way go on: each is cancelled by itself. */
const cancel = ({ reason }: CommandData<'CancelTask'>, state: PresentTask, { actor }: CommandMetadata): Decided => {
  if (waitingRuns(state).length > 0) return accept({ type: 'task.cancelled', data: { by: actor, reason } })
  if (state.cancelled) return alreadySo
  const running = Object.values(state.runs).find(({ status }) => status === 'started')
  return reject(
    'task_not_scheduled',
    running === undefined
      ? 'No run of this task is ahead.'
      : `No run of this task is ahead; to end the one under way, cancel session ${running.sessionId}.`,
  )
}

const begin = (
  { run: number, sessionId }: CommandData<'BeginTaskRun'>,
  state: PresentTask,
  { at }: CommandMetadata,
): Decided => {
  const run = state.runs[number]
  if (run === undefined || run.status !== 'waiting' || at < run.at) return alreadySo
  const started: TaskEvent = { type: 'task.started', data: { run: number, sessionId } }
  const next = nextAt(state, run, at)
  return next === null ? accept(started) : accept(started, runScheduled(state, next, 'repeat'))
}

const record = ({ taskId: _, ...data }: CommandData<'RecordTaskRun'>, state: PresentTask): Decided => {
  const run = state.runs[data.run]
  if (run?.status !== 'started' || run.sessionId !== data.sessionId) return alreadySo
  return accept({ type: 'task.ended', data })
}

/** Moments that have passed meanwhile are left out: what is late runs once. @returns null when it was the last. */
const nextAt = ({ scheduled: { repeat }, timesRun }: PresentTask, run: TaskRun, now: string): string | null => {
  if (repeat === undefined || run.why === 'rerun' || timesRun + 1 >= repeat.times) return null
  const every = repeat.every_seconds * 1000
  const due = Date.parse(run.at)
  const passed = Math.max(0, Math.floor((Date.parse(now) - due) / every))
  return new Date(due + (passed + 1) * every).toISOString()
}

const runScheduled = ({ runs }: PresentTask, at: string, why: EventData<'task.run_scheduled'>['why']): TaskEvent => ({
  type: 'task.run_scheduled',
  data: { run: Object.keys(runs).length + 1, at, why },
})

const waitingRuns = ({ runs }: PresentTask): readonly TaskRun[] =>
  Object.values(runs).filter(({ status }) => status === 'waiting')

const utc = (moment: string): string => new Date(moment).toISOString()

/** A task read from the log has its fields in another order. */
const sorted = (data: object): readonly (readonly [string, unknown])[] =>
  Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))

export const taskDecider: Decider<TaskState, TaskCommand, TaskEvent> = {
  initial: absentTask,
  decide,
  evolve: evolveTask,
}
