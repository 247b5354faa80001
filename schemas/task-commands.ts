// What can be asked of a task: people schedule, cancel and re-run; handlers begin its runs and record their ends.
import { z } from 'zod'
import { sessionOutcome } from './cause.ts'
import { sessionId, taskId } from './ids.ts'
import { labels } from './labels.ts'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { storedText } from './stored-text.ts'
import { taskRepeat } from './task-events.ts'

const run = z.int().positive()

export const taskCommandData = {
  /** Without `at`, or with one that has passed: at once. */
  ScheduleTask: z.strictObject({
    taskId,
    title: z.string().trim().min(1).max(500),
    input: storedText.default({ text: '' }),
    chain: z.string().min(1).max(100).optional(),
    labels: labels.default({}),
    at: z.iso.datetime({ offset: true }).optional(),
    repeat: taskRepeat.optional(),
    priority: priority.optional(),
    overrides: overrides.optional(),
  }),
  CancelTask: z.strictObject({ taskId, reason: z.string().trim().max(2000).default('') }),
  /** One more run, at once; what is scheduled stays so. */
  RerunTask: z.strictObject({ taskId }),
  /** `sessionId` is derived from the task and the run, so that a repeat opens no second session. */
  BeginTaskRun: z.strictObject({ taskId, run, sessionId }),
  RecordTaskRun: z.strictObject({ taskId, run, sessionId, status: sessionOutcome }),
} as const
