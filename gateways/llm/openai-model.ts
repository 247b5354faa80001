// Any OpenAI-compatible endpoint as a language model: streamed, timed out, and failing by class.
import type { Span } from '@opentelemetry/api'
import type OpenAI from 'openai'
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import { withSpan } from '../../commands/with-span.ts'
import {
  type LanguageModel,
  type ModelDelta,
  ModelFailed,
  type ModelReply,
  type ModelRequest,
} from '../../handlers/ports/language-model.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'
import { errorType, genAi, network } from '../../schemas/semantic-names.ts'
import { chatChunk } from './chat-chunk.ts'
import { toChatMessage, toChatTool } from './chat-messages.ts'
import { ReplyCollector } from './collect-reply.ts'
import { toModelFailed } from './model-failures.ts'
import type { PriceOfReply } from './price-of-reply.ts'
import { createProviderClients, type ProviderClient } from './provider-clients.ts'
import { type StreamTimeouts, watchStream } from './stream-watch.ts'
import { createToolAliases, type ToolAliases } from './tool-aliases.ts'

export interface OpenAiModelOptions {
  readonly providers: () => Readonly<Record<string, ProviderDefinition>>
  /** Reads an environment variable by name; the value goes nowhere but into the Authorization header. */
  readonly secret: (name: string) => string | undefined
  readonly priceOf: PriceOfReply
  readonly timeouts?: StreamTimeouts
}

const defaultTimeouts: StreamTimeouts = { firstTokenMs: 120_000, stallMs: 60_000, callMs: 300_000 }
/** The client's own time-out is never the first to fire: ours says what was waited for. */
const clientTimeoutMs = 2 * 3_600_000

export const createOpenAiModel = ({
  providers,
  secret,
  priceOf,
  timeouts = defaultTimeouts,
}: OpenAiModelOptions): LanguageModel => {
  const clientOf = createProviderClients(secret, clientTimeoutMs)

  return {
    reply: (request, onDelta, signal) =>
      withSpan(`chat ${request.model}`, { attributes: attributesOf(request), kind: 'CLIENT' }, async (span) => {
        try {
          const where = `${request.provider}/${request.model}`
          const provider = providers()[request.provider]
          if (provider === undefined) {
            throw new ModelFailed(
              'invalid_request',
              `${where}: there is no provider "${request.provider}"; name one that is configured`,
            )
          }
          const { hostname, port } = new URL(provider.base_url)
          span.setAttributes({
            [network.serverAddress]: hostname,
            ...(port !== '' && { [network.serverPort]: Number(port) }),
          })
          const call = {
            ...clientOf(provider, where),
            provider,
            request,
            where,
            priceOf,
            timeouts: timeoutsOf(provider, timeouts),
          }
          const reply = await stream(call, onDelta, signal)
          describe(span, reply)
          return reply
        } catch (error) {
          span.setAttribute(errorType, error instanceof ModelFailed ? error.class : 'aborted')
          throw error
        }
      }),
  }
}

const timeoutsOf = (provider: ProviderDefinition, otherwise: StreamTimeouts): StreamTimeouts => {
  const ms = (seconds: number | undefined, fallback: number): number =>
    seconds === undefined ? fallback : seconds * 1000
  return {
    firstTokenMs: ms(provider.first_token_timeout_seconds, otherwise.firstTokenMs),
    stallMs: ms(provider.stall_timeout_seconds, otherwise.stallMs),
    callMs: ms(provider.call_timeout_seconds, otherwise.callMs),
  }
}

interface Call extends ProviderClient {
  readonly provider: ProviderDefinition
  readonly request: ModelRequest
  readonly where: string
  readonly priceOf: PriceOfReply
  readonly timeouts: StreamTimeouts
}

const stream = async (call: Call, onDelta: (delta: ModelDelta) => void, signal: AbortSignal): Promise<ModelReply> => {
  const { client, provider, request, where, key: secret, priceOf, timeouts } = call
  signal.throwIfAborted()
  const aliases = createToolAliases(request.tools)
  const answer = new ReplyCollector(aliases, onDelta)
  const watch = watchStream(timeouts, where, signal)
  try {
    const mediaType = await receive(client, bodyOf(provider, request, aliases), watch.signal, (raw) => {
      answer.take(chatChunk.parse(raw))
      if (answer.begun) watch.alive()
    })
    signal.throwIfAborted()
    const late = watch.timedOut()
    if (late !== null) throw late
    if (!answer.finished) throw unfinished(answer, where, mediaType)
    return answer.reply(provider, request, priceOf)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    // Only the usage can be missing still.
    if (answer.finished) return answer.reply(provider, request, priceOf)
    const late = watch.timedOut()
    if (late !== null) throw new ModelFailed('timeout', late.message, partialOf(answer))
    const keyHint = provider.api_key_env ?? `api_key_env of the provider ${request.provider}`
    throw toModelFailed(error, { where, keyHint, secret, partialText: answer.text })
  } finally {
    watch.stop()
  }
}

const bodyOf = (
  { body, omit = [], web_search: search, tool_call_fields: callFields }: ProviderDefinition,
  request: ModelRequest,
  aliases: ToolAliases,
): ChatCompletionCreateParamsStreaming => ({
  // What is configured comes first: it can add to a request, and never stand in for a part of it.
  ...body,
  ...(request.webSearch === true && search),
  model: request.model,
  messages: request.messages.map((message) => toChatMessage(message, aliases, callFields)),
  stream: true,
  ...(!omit.includes('stream_options') && { stream_options: { include_usage: true } }),
  ...(request.tools.length > 0 && { tools: request.tools.map((tool) => toChatTool(tool, aliases)) }),
  ...(request.temperature !== undefined && !omit.includes('temperature') && { temperature: request.temperature }),
})

/** Hands on each chunk, unparsed; returns the media type of the answer. */
const receive = async (
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
  take: (chunk: unknown) => void,
): Promise<string> => {
  const { data, response } = await client.chat.completions.create(body, { signal }).withResponse()
  for await (const chunk of data) take(chunk)
  return response.headers.get('content-type') ?? ''
}

const unfinished = (answer: ReplyCollector, where: string, mediaType: string): ModelFailed =>
  answer.chunks === 0 && /html|json/.test(mediaType)
    ? new ModelFailed(
        'invalid_request',
        `${where}: the endpoint answered with ${mediaType} where a stream was asked for; check base_url`,
      )
    : new ModelFailed('transient', `${where}: the stream ended before the reply did`, partialOf(answer))

const partialOf = ({ text }: ReplyCollector): { readonly partialText?: string } =>
  text === '' ? {} : { partialText: text }

const attributesOf = ({ provider, model, temperature }: ModelRequest) => ({
  [genAi.operation]: 'chat',
  [genAi.provider]: provider,
  [genAi.requestModel]: model,
  [genAi.requestStream]: true,
  ...(temperature !== undefined && { [genAi.requestTemperature]: temperature }),
})

const describe = (span: Span, { by, usage, finishReason, firstTokenMs }: ModelReply): void => {
  span.setAttributes({
    [genAi.responseModel]: by.model,
    [genAi.finishReasons]: [finishReason],
    [genAi.inputTokens]: usage.inputTokens,
    [genAi.outputTokens]: usage.outputTokens,
    ...(usage.cachedInputTokens !== undefined && { [genAi.cachedInputTokens]: usage.cachedInputTokens }),
    ...(usage.reasoningTokens !== undefined && { [genAi.reasoningTokens]: usage.reasoningTokens }),
    ...(firstTokenMs !== undefined && { [genAi.timeToFirstChunk]: firstTokenMs / 1000 }),
  })
}
