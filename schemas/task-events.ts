// The facts of a task, one stream each. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { actor } from './actor.ts'
import { sessionOutcome } from './cause.ts'
import { sessionId, taskId } from './ids.ts'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { storedText } from './stored-text.ts'

/** Runs by itself again and again, until it has run so many times in all. */
export const taskRepeat = z.strictObject({
  every_seconds: z.int().min(60).max(31_622_400),
  times: z.int().min(2).max(1_000),
})
export type TaskRepeat = Readonly<z.infer<typeof taskRepeat>>

const run = z.int().positive()

export const taskEventData = {
  'task.scheduled': z.object({
    taskId,
    title: z.string(),
    input: storedText,
    /** Absent lets the planner choose. */
    chain: z.string().optional(),
    labels: z.record(z.string(), z.string()),
    /** When run 1 is due. */
    at: z.iso.datetime(),
    repeat: taskRepeat.optional(),
    priority: priority.optional(),
    overrides: overrides.optional(),
  }),
  /** A later run: the next of a repeated task, or one that somebody asked for. */
  'task.run_scheduled': z.object({ run, at: z.iso.datetime(), why: z.enum(['repeat', 'rerun']) }),
  /** The run is due: its session is to be opened under the id reserved here. */
  'task.started': z.object({ run, sessionId }),
  'task.ended': z.object({ run, sessionId, status: sessionOutcome }),
  /** Runs that have not started never will. */
  'task.cancelled': z.object({ by: actor, reason: z.string() }),
} as const
