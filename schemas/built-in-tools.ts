// Tools Casebook itself offers to agents: settled by the decider on the log's state, never run by a server.
import { z } from 'zod'
import { executionId, stageId } from './ids.ts'

export const builtInServer = 'casebook'

const words = z.string().trim().min(1).max(20_000)
const shortName = z.string().trim().min(1).max(100)

export const builtInTools = {
  dispatch_helper: {
    description:
      'Hands a task to a helper agent that works beside you. It knows only the task: say all it needs. Its report comes as a message, or by await_helpers.',
    input: z.strictObject({ agent: shortName.describe('Name of the helper agent'), task: words }),
  },
  await_helpers: {
    description: 'Waits until helpers are done and returns their reports. Without ids: all of yours.',
    input: z.strictObject({ helpers: z.array(executionId).max(50).optional() }),
  },
  list_helpers: {
    description: 'Your helpers, and how far each one is.',
    input: z.strictObject({}),
  },
  cancel_helper: {
    description: 'Ends a helper that is no longer needed.',
    input: z.strictObject({ helper: executionId, reason: z.string().trim().max(2000).default('') }),
  },
  send_message: {
    description:
      'Says something to another agent of this session, by its name or by the id of its execution. It is heard at its next step, in a later stage too.',
    input: z.strictObject({ to: shortName, text: words }),
  },
  ask_person: {
    description: 'Asks the people who watch over this session, and waits for the answer.',
    input: z.strictObject({ question: words }),
  },
  start_session: {
    description:
      'Starts a session of its own for a task that stands beside this one. It knows only the task: say all it needs, and why you ask. With await its report is the result; without, it comes as a message if you are still at work.',
    input: z.strictObject({
      agent: shortName.describe('Name of the agent'),
      title: shortName,
      task: words,
      why: z.string().trim().min(1).max(2000),
      await: z.boolean().default(true),
    }),
  },
  extend_plan: {
    description:
      'Breaks the work into stages that follow yours. Each names an agent, its task, and the stages of this list it waits for. What was planned after your stage waits for all of them.',
    input: z.strictObject({
      rationale: words,
      stages: z
        .array(
          z.strictObject({
            name: shortName,
            agent: shortName,
            task: words,
            depends_on: z.array(shortName).max(20).default([]),
          }),
        )
        .min(1)
        .max(20),
    }),
  },
} as const

export type BuiltInTool = keyof typeof builtInTools

export type PlanProposal = Readonly<z.infer<(typeof builtInTools)['extend_plan']['input']>>

/** What an agent's definition may ask for; the tools for helpers come with its list of helpers. */
export const grantableTool = z.enum(['send_message', 'ask_person', 'extend_plan'])

export const helperLimits = z.strictObject({
  /** Helpers of helpers count one more. */
  depth: z.int().min(1).max(5).default(2),
  /** At work at once, for one agent. */
  concurrent: z.int().min(1).max(50).default(5),
  /** In the whole session. */
  total: z.int().min(1).max(200).default(20),
  seconds: z.number().positive().max(86_400).default(420),
})

export const childLimits = z.strictObject({
  /** Sessions started by sessions that were started count one more. */
  depth: z.int().min(1).max(3).default(2),
  /** That the agents of one session may start. */
  total: z.int().min(1).max(100).default(10),
})

export const helperDispatched = z.object({
  executionId,
  parentId: executionId,
  stageId,
  agent: z.string(),
  task: z.string(),
  depth: z.int().positive(),
  /** Ended as failed when it has not concluded by then. */
  deadline: z.iso.datetime(),
  /** Its own, or what its parent has left. */
  maxIterations: z.int().positive(),
})
