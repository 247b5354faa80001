// Chains as the configuration declares them: stages, what each waits for, and when it has succeeded.
import { z } from 'zod'
import { agentSettings, configuredName, helperNames } from './agent-settings.ts'
import { budget, budgetAction } from './budget.ts'
import { toolRule, toolVerdict } from './tool-policy.ts'

const stageName = z.string().min(1).max(100)

/** One agent of a stage, with what is said of it there alone. */
const stageAgent = z.union(
  [configuredName, z.strictObject({ agent: configuredName, ...agentSettings, helpers: helperNames })],
  { error: 'must be the name of an agent, or { agent: <name>, … }' },
)

/** Agents at work at once in one stage, replicas counted. */
export const mostAgentsOfStage = 100

export const stageDefinition = z
  .strictObject({
    name: stageName,
    agent: configuredName.optional(),
    /** Several, at work at the same time. */
    agents: z.array(stageAgent).min(1).max(mostAgentsOfStage).optional(),
    /** Each agent so many times, named `x-1` to `x-n`. */
    replicas: z.int().min(1).max(mostAgentsOfStage).default(1),
    /** When a stage of several agents has succeeded. */
    policy: z
      .union([z.enum(['any', 'all']), z.strictObject({ quorum: z.int().min(1) })], {
        error: 'must be any, all, or { quorum: <number> }',
      })
      .default('any'),
    /** Ends the others once the policy is decided; else they are waited for. */
    early_stop: z.boolean().default(false),
    /** Its failure does not fail the session. */
    optional: z.boolean().default(false),
    /** How often it is run again, whole, after it failed. */
    retries: z.int().min(0).max(10).default(0),
    /** Names of stages; absent means the one before it in the list, an empty list none. */
    depends_on: z.array(stageName).max(50).optional(),
    /** Who weighs the findings of several agents; absent means `defaults.synthesis_agent`, false nobody. */
    synthesis: z
      .union([z.literal(false), configuredName], { error: 'must be false or the name of an agent' })
      .optional(),
    /** On a stage that reviews: sends the work back until its verdict is `until`. */
    loop: z
      .strictObject({
        back_to: stageName,
        max_cycles: z.int().min(2).max(20).default(2),
        until: z
          .string()
          .regex(/^[A-Za-z][A-Za-z_-]{0,40}$/, 'must be one word')
          .default('approved'),
      })
      .optional(),
    /** What its agents are to do, beside the session's input. */
    task: z.string().trim().min(1).max(20_000).optional(),
    ...agentSettings,
    helpers: helperNames,
  })
  .superRefine(({ agent, agents, replicas }, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    if (agent === undefined && agents === undefined)
      fault('agent', 'is missing; name one agent here, or several in agents')
    if (agent !== undefined && agents !== undefined) fault('agents', 'says the same as agent; keep one')
    const count = (agents?.length ?? 1) * replicas
    if (count > mostAgentsOfStage) fault('replicas', `makes ${count} agents; a stage has at most ${mostAgentsOfStage}`)
  })
export type StageDefinition = Readonly<z.infer<typeof stageDefinition>>

export const mostRules = 100

export const chainDefinition = z.strictObject({
  description: z.string().default(''),
  /** Alert types (for Alertmanager: alert names) this chain takes; `*` takes every alert no other chain takes. */
  alert_types: z.array(z.string().min(1)).default([]),
  /** Labels an alert must carry, all of them. */
  match_labels: z.record(z.string(), z.string()).default({}),
  stages: z.array(stageDefinition).min(1).max(50),
  ...agentSettings,
  /** Answers questions about its sessions once they have ended; absent means `defaults.chat_agent`. */
  chat_agent: configuredName.optional(),
  /** Text for the agents about this kind of alert. */
  runbook: z.string().optional(),
  /** Stages a session may run in all, with every cycle, retry and addition. */
  max_stages: z.int().min(1).max(200).optional(),
  /** Rules of a chain are asked before those of `defaults`; its other fields go before theirs one by one. */
  tool_policy: z
    .strictObject({
      rules: z.array(toolRule).max(mostRules).default([]),
      otherwise: z
        .strictObject({
          read_only: toolVerdict.optional(),
          idempotent: toolVerdict.optional(),
          unsafe: toolVerdict.optional(),
        })
        .optional(),
      expiry_seconds: z.number().positive().max(604_800).optional(),
    })
    .optional(),
  /** Each limit goes before the one of `defaults`. */
  budgets: z
    .strictObject({ session: budget.optional(), agent: budget.optional(), on_reached: budgetAction.optional() })
    .optional(),
})
export type ChainDefinition = Readonly<z.infer<typeof chainDefinition>>
