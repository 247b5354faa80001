// The task aggregate, given–when–then: when a run is due, that it starts once, and what follows.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { taskDecider } from '../../domain/task/task-decider.ts'
import type { TaskCommand } from '../../schemas/commands.ts'
import type { TaskEvent } from '../../schemas/events.ts'
import { sessionId, taskId } from '../../schemas/ids.ts'
import type { TaskRepeat } from '../../schemas/task-events.ts'
import { metadata, spec } from '../support/decider-spec.ts'

const { given } = spec(taskDecider)
const task = taskId.parse('tsk_01TEST')
const session = (run: number) => sessionId.parse(`ses_RUN${run}`)
const past = '2026-01-02T03:00:00.000Z'
const future = '2026-01-02T04:00:00.000Z'

const scheduled = (at = past, repeat?: TaskRepeat): TaskEvent => ({
  type: 'task.scheduled',
  data: { taskId: task, title: 'Check', input: { text: '' }, labels: {}, ...(repeat !== undefined && { repeat }), at },
})
const runScheduled = (run: number, at: string, why: 'repeat' | 'rerun'): TaskEvent => ({
  type: 'task.run_scheduled',
  data: { run, at, why },
})
const started = (run: number): TaskEvent => ({ type: 'task.started', data: { run, sessionId: session(run) } })
const ended = (run: number): TaskEvent => ({
  type: 'task.ended',
  data: { run, sessionId: session(run), status: 'completed' },
})
const cancelled: TaskEvent = { type: 'task.cancelled', data: { by: metadata.actor, reason: 'no' } }

const schedule = (at?: string): TaskCommand => ({
  type: 'ScheduleTask',
  data: { taskId: task, title: 'Check', input: { text: '' }, labels: {}, ...(at !== undefined && { at }) },
})
const begin = (run: number): TaskCommand => ({
  type: 'BeginTaskRun',
  data: { taskId: task, run, sessionId: session(run) },
})
const cancel: TaskCommand = { type: 'CancelTask', data: { taskId: task, reason: 'no' } }
const rerun: TaskCommand = { type: 'RerunTask', data: { taskId: task } }
const record = (run: number): TaskCommand => ({
  type: 'RecordTaskRun',
  data: { taskId: task, run, sessionId: session(run), status: 'completed' },
})

test('a task without a moment is due at once', () => {
  given().when(schedule()).thenEvents(scheduled(metadata.at))
})

test('a moment of any zone is kept in UTC', () => {
  given().when(schedule('2026-01-02T05:00:00+01:00')).thenEvents(scheduled(future))
})

test('the same task again is known, with another content it is refused', () => {
  given(scheduled(future)).when(schedule(future)).thenNothing()
  given(scheduled(future)).when(schedule(past)).thenRejects('task_exists')
})

test('a run that is due starts once', () => {
  given(scheduled()).when(begin(1)).thenEvents(started(1))
  given(scheduled(), started(1)).when(begin(1)).thenNothing()
})

test('a run that is not due, or that nobody scheduled, does not start', () => {
  given(scheduled(future)).when(begin(1)).thenNothing()
  given(scheduled()).when(begin(2)).thenNothing()
})

test('the next run of a repeated task is scheduled with the start of the one before', () => {
  const every = scheduled(past, { every_seconds: 600, times: 3 })
  given(every)
    .when(begin(1))
    .thenEvents(started(1), runScheduled(2, '2026-01-02T03:10:00.000Z', 'repeat'))
})

test('moments that passed meanwhile are left out', () => {
  const every = scheduled('2026-01-02T03:00:05.000Z', { every_seconds: 60, times: 9 })
  given(every)
    .when(begin(1))
    .thenEvents(started(1), runScheduled(2, '2026-01-02T03:05:05.000Z', 'repeat'))
})

test('a repeated task ends after its times; runs somebody asked for are not counted', () => {
  const every = scheduled(past, { every_seconds: 60, times: 2 })
  given(every, started(1), runScheduled(2, past, 'repeat'), runScheduled(3, past, 'rerun'), started(3))
    .when(begin(2))
    .thenEvents(started(2))
  given(every, started(1), runScheduled(2, past, 'rerun'))
    .when(begin(2))
    .thenEvents(started(2))
})

test('cancelled, what is ahead never starts', () => {
  given(scheduled(future)).when(cancel).thenEvents(cancelled)
  given(scheduled(), cancelled).when(begin(1)).thenNothing()
  given(scheduled(), cancelled).when(cancel).thenNothing()
})

test('with nothing ahead there is nothing to cancel', () => {
  given(scheduled(), started(1)).when(cancel).thenRejects('task_not_scheduled')
  given(scheduled(), started(1), ended(1)).when(cancel).thenRejects('task_not_scheduled')
})

test('a task can be run again at any time, and the number of the run is new', () => {
  given(scheduled(future))
    .when(rerun)
    .thenEvents(runScheduled(2, metadata.at, 'rerun'))
  given(scheduled(), started(1), ended(1))
    .when(rerun)
    .thenEvents(runScheduled(2, metadata.at, 'rerun'))
  given(scheduled(), cancelled)
    .when(rerun)
    .thenEvents(runScheduled(2, metadata.at, 'rerun'))
  given(scheduled(), cancelled, runScheduled(2, past, 'rerun'))
    .when(begin(2))
    .thenEvents(started(2))
})

test('the end of a run is recorded once, and only of its own session', () => {
  given(scheduled(), started(1)).when(record(1)).thenEvents(ended(1))
  given(scheduled(), started(1), ended(1)).when(record(1)).thenNothing()
  given(scheduled()).when(record(1)).thenNothing()
})

test('a task nobody scheduled is not found', () => {
  for (const command of [cancel, rerun, begin(1), record(1)]) given().when(command).thenRejects('task_not_found')
})

test('whatever is asked in whatever order, each run starts at most once, never before its time, and no more by itself than its times', () => {
  const commands = fc.array(
    fc.record({
      command: fc.oneof(
        fc.constantFrom(cancel, rerun),
        fc.integer({ min: 1, max: 12 }).map(begin),
        fc.integer({ min: 1, max: 12 }).map(record),
      ),
      secondsLater: fc.integer({ min: 0, max: 300 }),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(commands, fc.integer({ min: 2, max: 5 }), (steps, times) => {
      let now = Date.parse(past)
      let state = [scheduled(past, { every_seconds: 60, times })].reduce(taskDecider.evolve, taskDecider.initial)
      const starts = new Map<number, number>()
      for (const { command, secondsLater } of steps) {
        now += secondsLater * 1000
        const at = new Date(now).toISOString()
        const decision = taskDecider.decide(command, state, { ...metadata, at })
        if (decision.kind === 'reject') continue
        for (const event of decision.events) {
          if (event.type === 'task.started') {
            starts.set(event.data.run, (starts.get(event.data.run) ?? 0) + 1)
            const due = state.status === 'present' ? state.runs[event.data.run]?.at : undefined
            assert.ok(due !== undefined && due <= at, 'it is due')
          }
          state = taskDecider.evolve(state, event)
        }
      }
      assert.ok([...starts.values()].every((count) => count === 1))
      if (state.status === 'present') assert.ok(state.timesRun <= times)
    }),
  )
})

test.run()
