// Agents, chains, servers and providers as the configuration declares them, and as a session pins them.
import { z } from 'zod'
import {
  agentSettings,
  fallbackModels,
  helperNames,
  configuredName as name,
  summarizeResults,
} from './agent-settings.ts'
import { dayBudgets, sessionBudgets } from './budget.ts'
import { childLimits, grantableTool, helperLimits } from './built-in-tools.ts'
import { chainDefinition, mostRules } from './chain-definition.ts'
import { jsonValue } from './json-value.ts'
import { modelPrice } from './model-price.ts'
import { environmentName, providerDefinition } from './provider-definition.ts'
import { queueSettings } from './queue.ts'
import { retentionPolicies } from './retention.ts'
import { toolPolicy, toolRule, toolVerdict } from './tool-policy.ts'

export const controller = z.enum(['native_tools', 'react', 'single_shot', 'chat'])

/** `<server>__<tool>`, where `*` stands for any characters. */
export const toolPattern = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}__[A-Za-z0-9_.*/-]+$|^\*$/,
    'must be <server>__<tool>, such as github__get_issue or github__*',
  )

export const agentDefinition = z.strictObject({
  description: z.string().default(''),
  controller: controller.default('native_tools'),
  /** The third tier of instructions: after the general ones and those of each MCP server. */
  instructions: z.string().default(''),
  ...agentSettings,
  /** Only these tools of its servers are offered; absent means all. */
  tools: z.array(toolPattern).optional(),
  /** Never offered, whatever `tools` says. */
  disallowed_tools: z.array(toolPattern).default([]),
  helpers: helperNames,
  /** Agents it may start sessions of their own with. */
  child_agents: z.array(name).max(50).default([]),
  /** Tools of Casebook itself, beside those that come with helpers. */
  built_in_tools: z.array(grantableTool).default([]),
  /** Its provider looks things up on the web for it. */
  web_search: z.boolean().default(false),
  /** How people tell agents apart on a screen. */
  color: z.string().max(40).optional(),
  /** Fields of an agent file that mean something elsewhere: kept, without effect here. */
  extra: z.record(z.string(), jsonValue).default({}),
})
export type AgentDefinition = Readonly<z.infer<typeof agentDefinition>>

/** Machine to machine: nobody is asked to log in. */
const oauthSettings = z
  .strictObject({
    client_id: z.string().min(1),
    /** Filled in from the environment: `${NAME}`. */
    client_secret: z.string().min(1).optional(),
    /** Used instead of the client's own credentials, as long as it is taken. */
    refresh_token: z.string().min(1).optional(),
    scopes: z.array(z.string().min(1)).optional(),
    /** The secret goes to this authorization server alone; absent, to whichever the MCP server names. */
    issuer: z.url().optional(),
    /** Absent, it is found out (RFC 9728 and 8414). */
    token_endpoint: z.url().optional(),
  })
  .refine(({ client_secret, refresh_token }) => client_secret !== undefined || refresh_token !== undefined, {
    error: 'needs client_secret or refresh_token',
  })

export const mcpServerDefinition = z.strictObject({
  transport: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('stdio'),
      command: z.string().min(1),
      args: z.array(z.string()).default([]),
      env: z.record(environmentName, z.string()).default({}),
    }),
    z.strictObject({
      type: z.literal('http'),
      url: z.url(),
      headers: z.record(z.string(), z.string()).default({}),
      /** Name of the environment variable that holds the bearer token. */
      bearer_token_env: environmentName.optional(),
      oauth: oauthSettings.optional(),
    }),
    /** The transport before streamable HTTP; `http` falls back to it by itself. */
    z.strictObject({
      type: z.literal('sse'),
      url: z.url(),
      headers: z.record(z.string(), z.string()).default({}),
      bearer_token_env: environmentName.optional(),
      oauth: oauthSettings.optional(),
    }),
  ]),
  /** The revision of MCP; `auto` finds it out once and remembers it. `earlier` is all that begin with a greeting, up to 2025-11-25. */
  protocol: z.enum(['auto', 'earlier', '2026-07-28']).optional(),
  /** One session for all executions of a process: for servers that keep nothing between calls. Each has its own otherwise. */
  shared: z.boolean().default(false),
  /** The second tier of instructions: how to use this server. */
  instructions: z.string().default(''),
  /** Only these tools are offered; absent means all. */
  tools: z.array(z.string()).optional(),
  call_timeout_seconds: z.number().positive().max(3600).default(60),
})
export type McpServerDefinition = Readonly<z.infer<typeof mcpServerDefinition>>

/** A short name for a model, and the provider that has it when it is not the one in force. */
const modelAlias = z.union([z.string().min(1), z.strictObject({ provider: name.optional(), model: z.string().min(1) })])

/** What may be repeated without harm needs nobody's word, unless somebody says so. */
const defaultPolicy = toolPolicy.extend({
  rules: z.array(toolRule).max(mostRules).default([]),
  otherwise: z
    .strictObject({
      read_only: toolVerdict.default('allow'),
      idempotent: toolVerdict.default('allow'),
      unsafe: toolVerdict.default('ask'),
    })
    .default({ read_only: 'allow', idempotent: 'allow', unsafe: 'ask' }),
})

export const defaultsDefinition = z.strictObject({
  provider: name,
  /** Instead of the provider's own. */
  model: z.string().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  mcp_servers: z.array(name).default([]),
  fallback: fallbackModels.optional(),
  summarize_results: summarizeResults.default(true),
  chain: name,
  max_iterations: z.int().min(1).max(200).default(20),
  model_attempts: z.int().min(1).max(20).default(5),
  model_backoff_seconds: z.number().min(0).max(60).default(1),
  summary_agent: name,
  /** Weighs the findings of stages with several agents, and of several last stages. */
  synthesis_agent: name.default('synthesizer'),
  /** Answers questions about sessions that have ended. */
  chat_agent: name.default('chat'),
  /** Stages a session may run in all, with every cycle, retry and addition. */
  max_stages: z.int().min(1).max(200).default(50),
  helper_limits: helperLimits.default(helperLimits.parse({})),
  child_limits: childLimits.default(childLimits.parse({})),
  tool_policy: defaultPolicy.default(defaultPolicy.parse({})),
  budgets: sessionBudgets.default(sessionBudgets.parse({})),
  /** Beside those of its sessions, what an org may use up in a day. */
  day_budgets: dayBudgets.default(dayBudgets.parse({})),
  /** How long sessions are kept after their end; without a policy for ever. */
  retention: retentionPolicies.default({}),
  /** Before the published prices. */
  model_prices: z.array(modelPrice).max(1_000).default([]),
  queue: queueSettings.default(queueSettings.parse({})),
  /** What words such as `sonnet` in agent files mean here. */
  model_aliases: z.record(z.string(), modelAlias).default({}),
  instructions: z.string().default(''),
})

export const configuration = z.strictObject({
  defaults: defaultsDefinition,
  agents: z.record(name, agentDefinition),
  chains: z.record(name, chainDefinition),
  mcp_servers: z.record(name, mcpServerDefinition),
  providers: z.record(name, providerDefinition),
})
/** The whole configuration, resolved and checked; secrets appear only as names of environment variables. */
export type Configuration = Readonly<z.infer<typeof configuration>>

/** An agent with every field resolved, as a session pins it by value. */
export const pinnedAgent = z.object({
  name: z.string(),
  /** What it is good for, told to agents that may call on it. */
  description: z.string().optional(),
  controller,
  provider: z.string(),
  model: z.string(),
  temperature: z.number().optional(),
  maxIterations: z.int().positive(),
  instructions: z.object({
    general: z.string(),
    servers: z.array(z.object({ server: z.string(), text: z.string() })),
    custom: z.string(),
  }),
  mcpServers: z.array(z.string()),
  /** `<server>__<tool>` patterns; absent offers every tool of the servers. */
  tools: z.array(z.string()).optional(),
  disallowedTools: z.array(z.string()).optional(),
  /** By the session's overrides: of the tools left, only these. */
  onlyTools: z.array(z.string()).optional(),
  /** Tokens its model takes in one prompt; absent means 100,000. */
  contextTokens: z.int().positive().optional(),
  /** Models asked in this order when the one before fails for good. */
  fallback: z.array(z.object({ provider: z.string(), model: z.string() })).optional(),
  /** Results over so many tokens are summarized for it by this model; absent shows them as they are. */
  summarizeResults: z
    .object({
      overTokens: z.int().positive(),
      toTokens: z.int().positive(),
      provider: z.string(),
      model: z.string(),
      /** Tokens that model takes in one prompt; absent means 100,000. */
      contextTokens: z.int().positive().optional(),
    })
    .optional(),
  /** Names of the agents it may call on, among the plan's `helperAgents`. */
  helpers: z.array(z.string()).optional(),
  /** Names of the agents it may start sessions with. */
  childAgents: z.array(z.string()).optional(),
  /** Its provider looks things up on the web for it, where that offers it. */
  webSearch: z.boolean().optional(),
  /** Built-in tools it has beside those that come with helpers. */
  builtInTools: z.array(grantableTool).optional(),
})
export type PinnedAgent = Readonly<z.infer<typeof pinnedAgent>>
