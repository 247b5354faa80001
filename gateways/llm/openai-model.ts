// Any OpenAI-compatible endpoint as a language model: streamed, timed out, and failing by class.
import OpenAI from 'openai'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import { z } from 'zod'
import { withSpan } from '../../commands/with-span.ts'
import {
  type LanguageModel,
  type ModelDelta,
  ModelFailed,
  type ModelReply,
  type ModelRequest,
} from '../../handlers/ports/language-model.ts'
import type { ProviderDefinition } from '../../schemas/agent-definition.ts'
import type { TokenUsage } from '../../schemas/model.ts'
import { toChatMessage, toChatTool } from './chat-messages.ts'
import { toModelFailed } from './model-failures.ts'
import { type StreamTimeouts, watchStream } from './stream-watch.ts'
import { createToolAliases, type ToolAliases } from './tool-aliases.ts'

export interface OpenAiModelOptions {
  readonly providers: () => Readonly<Record<string, ProviderDefinition>>
  /** Reads an environment variable by name; the value goes nowhere but into the Authorization header. */
  readonly secret: (name: string) => string | undefined
  readonly timeouts?: StreamTimeouts
}

const defaultTimeouts: StreamTimeouts = { firstTokenMs: 120_000, stallMs: 60_000, callMs: 300_000 }

export const createOpenAiModel = ({
  providers,
  secret,
  timeouts = defaultTimeouts,
}: OpenAiModelOptions): LanguageModel => {
  const clients = new Map<string, OpenAI>()
  const clientOf = (baseURL: string, apiKey: string): OpenAI => {
    const key = `${baseURL}\n${apiKey}`
    const client = clients.get(key) ?? new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: timeouts.callMs })
    clients.set(key, client)
    return client
  }

  return {
    reply: (request, onDelta, signal) => {
      const where = `${request.provider}/${request.model}`
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': request.provider,
        'gen_ai.request.model': request.model,
      }
      return withSpan(`chat ${request.model}`, { attributes, kind: 'CLIENT' }, async (span) => {
        const provider = providers()[request.provider]
        if (provider === undefined) {
          throw new ModelFailed('invalid_request', `${where}: there is no provider "${request.provider}"`)
        }
        const key = provider.api_key_env === undefined ? undefined : secret(provider.api_key_env)
        if (provider.api_key_env !== undefined && key === undefined && !provider.api_key_optional) {
          throw new ModelFailed('auth', `${where}: set ${provider.api_key_env} to the API key`)
        }
        const client = clientOf(provider.base_url, key ?? 'none')
        const reply = await stream(client, provider, request, onDelta, signal, where, key, timeouts)
        span.setAttributes({
          'gen_ai.response.model': reply.by.model,
          'gen_ai.usage.input_tokens': reply.usage.inputTokens,
          'gen_ai.usage.output_tokens': reply.usage.outputTokens,
        })
        return reply
      })
    },
  }
}

const stream = async (
  client: OpenAI,
  provider: ProviderDefinition,
  request: ModelRequest,
  onDelta: (delta: ModelDelta) => void,
  signal: AbortSignal,
  where: string,
  key: string | undefined,
  timeouts: StreamTimeouts,
): Promise<ModelReply> => {
  const aliases = createToolAliases(request.tools)
  const watch = watchStream(timeouts, where, signal)
  const answer = new Answer(aliases, onDelta)
  try {
    const chunks = await client.chat.completions.create(
      {
        model: request.model,
        messages: request.messages.map((message) => toChatMessage(message, aliases)),
        stream: true,
        stream_options: { include_usage: true },
        ...(request.tools.length > 0 && { tools: request.tools.map((tool) => toChatTool(tool, aliases)) }),
        ...(request.temperature !== undefined && { temperature: request.temperature }),
      },
      { signal: watch.signal },
    )
    for await (const chunk of chunks) {
      watch.alive()
      answer.take(chunk)
    }
    signal.throwIfAborted()
    const late = watch.timedOut()
    if (late !== null) throw late
    if (!answer.finished)
      throw new ModelFailed('transient', `${where}: the stream ended before the reply did`, partial(answer))
    return answer.reply(provider, request)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const late = watch.timedOut()
    if (late !== null) throw new ModelFailed('timeout', late.message, partial(answer))
    throw toModelFailed(error, where, key, answer.text)
  } finally {
    watch.stop()
  }
}

const partial = ({ text }: { readonly text: string }): { readonly partialText?: string } =>
  text === '' ? {} : { partialText: text }

/** Reasoning is no part of the standard; providers send it under one of two names. */
const reasoning = z.object({ reasoning_content: z.string().nullish(), reasoning: z.string().nullish() })

/** What has arrived of a reply. */
class Answer {
  text = ''
  finished = false
  readonly #started = performance.now()
  readonly #aliases: ToolAliases
  readonly #onDelta: (delta: ModelDelta) => void
  readonly #calls = new Map<number, { name: string; arguments: string }>()
  #thinking = ''
  #firstTokenMs: number | undefined
  #finishReason: ModelReply['finishReason'] = 'other'
  #usage: TokenUsage | null = null
  #model: string | null = null

  constructor(aliases: ToolAliases, onDelta: (delta: ModelDelta) => void) {
    this.#aliases = aliases
    this.#onDelta = onDelta
  }

  take(chunk: ChatCompletionChunk): void {
    if (chunk.model !== '') this.#model = chunk.model
    if (chunk.usage) this.#usage = usageOf(chunk.usage)
    const choice = chunk.choices[0]
    if (choice === undefined) return
    const { delta } = choice
    const thought = reasoning.safeParse(delta)
    const thinking = thought.success ? (thought.data.reasoning_content ?? thought.data.reasoning ?? '') : ''
    if (thinking !== '') {
      this.#thinking += thinking
      this.#announce({ kind: 'thinking', text: thinking })
    }
    if (delta.content) {
      this.text += delta.content
      this.#announce({ kind: 'text', text: delta.content })
    }
    for (const call of delta.tool_calls ?? []) {
      const known = this.#calls.get(call.index) ?? { name: '', arguments: '' }
      const named = call.function?.name ?? ''
      known.name += named
      known.arguments += call.function?.arguments ?? ''
      this.#calls.set(call.index, known)
      const name = named === '' ? {} : { name: this.#aliases.nameOf(known.name) }
      this.#announce({ kind: 'tool_arguments', index: call.index, text: call.function?.arguments ?? '', ...name })
    }
    if (choice.finish_reason) {
      this.finished = true
      this.#finishReason = choice.finish_reason === 'function_call' ? 'tool_calls' : choice.finish_reason
    }
  }

  reply(provider: ProviderDefinition, request: ModelRequest): ModelReply {
    const calls = [...this.#calls].sort(([a], [b]) => a - b).map(([, call]) => call)
    return {
      text: this.text,
      ...(this.#thinking !== '' && { thinking: this.#thinking }),
      toolCalls: calls.map((call) => ({ name: this.#aliases.nameOf(call.name), arguments: call.arguments })),
      finishReason: this.#finishReason,
      usage:
        this.#usage ?? estimate(request, this.text + this.#thinking + calls.map((call) => call.arguments).join('')),
      by: { provider: request.provider, model: this.#model ?? request.model, simulated: provider.simulated },
      durationMs: performance.now() - this.#started,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
    }
  }

  #announce(delta: ModelDelta): void {
    this.#firstTokenMs ??= performance.now() - this.#started
    this.#onDelta(delta)
  }
}

const usageOf = (usage: NonNullable<ChatCompletionChunk['usage']>): TokenUsage => ({
  inputTokens: usage.prompt_tokens,
  outputTokens: usage.completion_tokens,
  ...(usage.prompt_tokens_details?.cached_tokens !== undefined && {
    cachedInputTokens: usage.prompt_tokens_details.cached_tokens,
  }),
  ...(usage.completion_tokens_details?.reasoning_tokens !== undefined && {
    reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
  }),
})

/** For endpoints that report no usage: four bytes a token, the common rule of thumb. */
const estimate = (request: ModelRequest, output: string): TokenUsage => ({
  inputTokens: Math.ceil(Buffer.byteLength(JSON.stringify(request.messages)) / 4),
  outputTokens: Math.ceil(Buffer.byteLength(output) / 4),
})
