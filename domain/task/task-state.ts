// What a task stream knows: what is to be done, and each run that is due, under way or over.

import type { SessionOutcome } from '../../schemas/cause.ts'
import type { EventData, TaskEvent } from '../../schemas/events.ts'
import type { SessionId } from '../../schemas/ids.ts'

export interface AbsentTask {
  readonly status: 'absent'
}

export interface PresentTask {
  readonly status: 'present'
  readonly scheduled: EventData<'task.scheduled'>
  /** By number. */
  readonly runs: Readonly<Record<number, TaskRun>>
  /** Runs that came by the schedule: what `repeat.times` counts. */
  readonly timesRun: number
  readonly cancelled: boolean
}

export interface TaskRun {
  readonly run: number
  /** When it is due. */
  readonly at: string
  readonly why: 'scheduled' | 'repeat' | 'rerun'
  readonly status: 'waiting' | 'started' | SessionOutcome
  readonly sessionId: SessionId | null
}

export type TaskState = AbsentTask | PresentTask

export const absentTask: TaskState = { status: 'absent' }

export const evolveTask = (state: TaskState, event: TaskEvent): TaskState => {
  if (event.type === 'task.scheduled') {
    if (state.status === 'present') return state
    const { at } = event.data
    const first: TaskRun = { run: 1, at, why: 'scheduled', status: 'waiting', sessionId: null }
    return { status: 'present', scheduled: event.data, runs: { 1: first }, timesRun: 0, cancelled: false }
  }
  if (state.status === 'absent') return state
  switch (event.type) {
    case 'task.run_scheduled': {
      const { run, at, why } = event.data
      return withRun(state, run, { run, at, why, status: 'waiting', sessionId: null })
    }
    case 'task.started': {
      const { run, sessionId } = event.data
      const before = state.runs[run]
      if (before === undefined) return state
      const timesRun = state.timesRun + (before.why === 'rerun' ? 0 : 1)
      return withRun({ ...state, timesRun }, run, { ...before, status: 'started', sessionId })
    }
    case 'task.ended': {
      const before = state.runs[event.data.run]
      return before === undefined ? state : withRun(state, event.data.run, { ...before, status: event.data.status })
    }
    case 'task.cancelled':
      return {
        ...state,
        cancelled: true,
        runs: Object.fromEntries(
          Object.entries(state.runs).map(([run, each]) => [
            run,
            each.status === 'waiting' ? ({ ...each, status: 'cancelled' } satisfies TaskRun) : each,
          ]),
        ),
      }
    default:
      return state
  }
}

const withRun = (state: PresentTask, run: number, value: TaskRun): PresentTask => ({
  ...state,
  runs: { ...state.runs, [run]: value },
})
