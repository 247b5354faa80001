// A task as people read it: what is to be done, when next, and its latest runs with their sessions.
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { overrides } from '../schemas/overrides.ts'
import { priority } from '../schemas/priority.ts'
import { storedText } from '../schemas/stored-text.ts'
import { taskRepeat } from '../schemas/task-events.ts'

export const taskStatus = z.enum(['scheduled', 'running', 'ended', 'cancelled'])

const runView = z.object({
  run: z.int(),
  /** When it is due. */
  at: z.string(),
  why: z.enum(['scheduled', 'repeat', 'rerun']),
  status: z.enum(['waiting', 'started', 'completed', 'failed', 'cancelled']),
  sessionId: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})

export const taskView = z.object({
  id: z.string(),
  org: z.string(),
  title: z.string(),
  /** `scheduled` while a run is ahead, `running` while only sessions are. */
  status: taskStatus,
  input: storedText,
  chain: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  repeat: taskRepeat.nullable(),
  priority: priority.nullable(),
  overrides: overrides.nullable(),
  /** When the next run is due; null when none is ahead. */
  nextAt: z.string().nullable(),
  runCount: z.int(),
  /** The latest, and every one that is not over; the oldest first. */
  runs: z.array(runView),
  createdAt: z.string(),
  createdBy: actor,
  cancelledBy: actor.nullable(),
  /** Why it was cancelled. */
  reason: z.string().nullable(),
  correlationId: z.string(),
  version: z.int(),
  sequence: z.int(),
})
export type TaskView = Readonly<z.infer<typeof taskView>>
type RunView = TaskView['runs'][number]

const shownRuns = 20

/** @returns null for an event of a task whose beginning is not known. */
export const evolveTaskView = (view: TaskView | null, event: RecordedEvent, commit: Commit): TaskView | null => {
  if (event.type === 'task.scheduled') {
    const { title, input, chain, labels, at, repeat, priority, overrides } = event.data
    return {
      id: commit.stream.id,
      org: commit.stream.org,
      title,
      status: 'scheduled',
      input,
      chain: chain ?? null,
      labels,
      repeat: repeat ?? null,
      priority: priority ?? null,
      overrides: overrides ?? null,
      nextAt: at,
      runCount: 1,
      runs: [waiting(1, at, 'scheduled')],
      createdAt: commit.at,
      createdBy: commit.actor,
      cancelledBy: null,
      reason: null,
      correlationId: commit.correlationId,
      version: event.version,
      sequence: commit.sequence,
    }
  }
  if (view === null) return null
  return { ...summed(changed(view, event, commit.at)), version: event.version, sequence: commit.sequence }
}

const changed = (view: TaskView, event: RecordedEvent, at: string): TaskView => {
  switch (event.type) {
    case 'task.run_scheduled': {
      const { run, why } = event.data
      return { ...view, runCount: run, runs: [...view.runs, waiting(run, event.data.at, why)] }
    }
    case 'task.started': {
      const { run, sessionId } = event.data
      return withRun(view, run, { status: 'started', sessionId, startedAt: at })
    }
    case 'task.ended':
      return withRun(view, event.data.run, { status: event.data.status, endedAt: at })
    case 'task.cancelled': {
      const { by, reason } = event.data
      const runs = view.runs.map(
        (run): RunView => (run.status === 'waiting' ? { ...run, status: 'cancelled', endedAt: at } : run),
      )
      return { ...view, cancelledBy: by, reason, runs }
    }
    default:
      return view
  }
}

const waiting = (run: number, at: string, why: RunView['why']): RunView => ({
  run,
  at,
  why,
  status: 'waiting',
  sessionId: null,
  startedAt: null,
  endedAt: null,
})

const withRun = (view: TaskView, run: number, change: Partial<RunView>): TaskView => ({
  ...view,
  runs: view.runs.map((each) => (each.run === run ? { ...each, ...change } : each)),
})

/** What follows from the runs; those that are over and old are let go. */
const summed = (view: TaskView): TaskView => {
  const isOpen = ({ status }: RunView): boolean => status === 'waiting' || status === 'started'
  const ahead = view.runs.filter(({ status }) => status === 'waiting').map(({ at }) => at)
  const status =
    ahead.length > 0
      ? 'scheduled'
      : view.runs.some(isOpen)
        ? 'running'
        : view.cancelledBy === null
          ? 'ended'
          : 'cancelled'
  return {
    ...view,
    status,
    nextAt: ahead.sort()[0] ?? null,
    runs: view.runs.filter((run, index) => isOpen(run) || index >= view.runs.length - shownRuns),
  }
}
