// What an alert, a request or a task says of its own session: the last layer over the configuration.
import { z } from 'zod'
import { toolPattern } from './agent-definition.ts'
import { configuredName } from './agent-settings.ts'
import { budget } from './budget.ts'
import { labels } from './labels.ts'
import { priority } from './priority.ts'

export const overrides = z.strictObject({
  chain: z.string().min(1).max(100).optional(),
  /** Text for the agents, in place of the chain's. */
  runbook: z.string().trim().min(1).max(32_000).optional(),
  /** In place of those the configuration gives each agent that has tools. */
  mcpServers: z.array(configuredName).max(50).optional(),
  /** Of the tools an agent would be offered, only these. The tool policy holds as ever. */
  tools: z.array(toolPattern).max(200).optional(),
  /** Kept for whoever tells people of the session. */
  slackFingerprint: z.string().trim().min(1).max(500).optional(),
  priority: priority.optional(),
  /** Of the whole session; each limit goes before the one of the chain. */
  budget: budget.optional(),
  labels: labels.optional(),
})
export type Overrides = Readonly<z.infer<typeof overrides>>
