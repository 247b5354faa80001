// What a tarsy.yaml may name without defining it: these are written out, so that nothing it refers to is missing.

/** Endpoints that speak the OpenAI protocol, by the type of a provider there. */
export const endpoints: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta/openai',
  xai: 'https://api.x.ai/v1',
}

const keys: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_API_KEY',
  xai: 'XAI_API_KEY',
}

const provider = (type: string, model: string): Readonly<Record<string, unknown>> => ({
  type,
  model,
  api_key_env: keys[type],
})

export const builtInProviders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'google-default': provider('google', 'gemini-3.7-flash'),
  'gemini-3-flash': provider('google', 'gemini-3-flash'),
  'gemini-3.1-pro': provider('google', 'gemini-3.1-pro'),
  'gemini-3.1-flash': provider('google', 'gemini-3.1-flash'),
  'gemini-3.7-flash': provider('google', 'gemini-3.7-flash'),
  'gemini-3.6-flash': provider('google', 'gemini-3.6-flash'),
  'gemini-3.5-flash': provider('google', 'gemini-3.5-flash'),
  'gemini-2.5-flash': provider('google', 'gemini-2.5-flash'),
  'gemini-2.5-pro': provider('google', 'gemini-2.5-pro'),
  'openai-default': provider('openai', 'gpt-5.2'),
  'anthropic-default': provider('anthropic', 'claude-sonnet-5'),
  'xai-default': provider('xai', 'grok-4.6'),
}

/** The provider in force there when `defaults.llm_provider` is left out. */
export const defaultProvider = 'google-default'

export const builtInServers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'kubernetes-server': {
    transport: {
      type: 'stdio',
      command: 'npx',
      args: ['-y', 'kubernetes-mcp-server@0.0.54', '--read-only', '--disable-destructive'],
    },
  },
}

/** Agents that have one here already. */
export const counterparts: Readonly<Record<string, string>> = {
  SynthesisAgent: 'analyst',
  ExecSummaryAgent: 'summarizer',
}

/** The others; their prompts are not copied. */
export const builtInAgents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  KubernetesAgent: {
    description: 'Investigates what happens in a Kubernetes cluster.',
    mcp_servers: ['kubernetes-server'],
    custom_instructions:
      'You investigate one alert about a Kubernetes cluster. Look at the objects, events and logs it concerns, and report what they show.',
  },
  GeneralWorker: {
    description: 'Does a task it is given, without tools.',
    mcp_servers: [],
    custom_instructions: 'Do the task you are given and report the result.',
  },
  WebResearcher: {
    description: 'Looks things up.',
    mcp_servers: [],
    custom_instructions: 'Find out what you are asked for and name your sources.',
  },
  CodeExecutor: {
    description: 'Works things out by code.',
    mcp_servers: [],
    custom_instructions: 'Work out what you are asked for and show how.',
  },
}
