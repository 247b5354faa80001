// Names of OpenTelemetry attributes for model and tool calls, in one place because both conventions still change.
// From the GenAI and MCP semantic conventions, status "Development", as of November 2026.

export const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  requestTemperature: 'gen_ai.request.temperature',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  /** Seconds. */
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  /** Includes cached tokens. */
  inputTokens: 'gen_ai.usage.input_tokens',
  cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
} as const

export const network = {
  /** `pipe` for stdio, `tcp` for HTTP. */
  transport: 'network.transport',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const

/** A failure class of a model, `tool_error`, or what became of a call that gave no answer. */
export const errorType = 'error.type'
