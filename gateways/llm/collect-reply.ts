// A streamed reply put together: text, thinking and tool calls by their fragments, announced as they arrive.
import { repeatedTail } from '../../domain/repeated-tail.ts'
import {
  type ModelDelta,
  ModelFailed,
  type ModelReply,
  type ModelRequest,
} from '../../handlers/ports/language-model.ts'
import type { Citation, TokenUsage } from '../../schemas/model.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'
import type { ChatChunk, ChunkUsage, ToolCallFragment } from './chat-chunk.ts'
import type { PriceOfReply } from './price-of-reply.ts'
import { createThinkingTags, type TaggedText } from './thinking-tags.ts'
import type { ToolAliases } from './tool-aliases.ts'

interface CallSoFar {
  id: string
  name: string
  arguments: string
}

/** As long as the name of a proposed tool call may be; a longer one is no tool of ours anyway. */
const maxName = 200
const mostCitations = 50
const longestUrl = 2_000
/** Characters of text or thinking between two looks at whether they say the same over and over. */
const lookEvery = 1_000

export class ReplyCollector {
  text = ''
  /** The endpoint said why it stopped: the reply is whole, whatever happens to the stream afterwards. */
  finished = false
  chunks = 0
  readonly #started = performance.now()
  readonly #aliases: ToolAliases
  readonly #onDelta: (delta: ModelDelta) => void
  readonly #calls: CallSoFar[] = []
  /** Which of `#calls` an index of the wire stands for now. */
  readonly #byIndex = new Map<number, number>()
  readonly #tags = createThinkingTags()
  readonly #citations = new Map<string, Citation>()
  #thinking = ''
  #lookedAt = 0
  #firstTokenMs: number | undefined
  #finishReason: ModelReply['finishReason'] = 'other'
  /** It is taken for finished, until more of it comes. */
  #byCount = false
  #usage: ChunkUsage | null = null
  #model: string | null = null

  constructor(aliases: ToolAliases, onDelta: (delta: ModelDelta) => void) {
    this.#aliases = aliases
    this.#onDelta = onDelta
  }

  /** True once anything of the reply itself has arrived; an opening chunk with nothing but a role is not. */
  get begun(): boolean {
    return this.#firstTokenMs !== undefined
  }

  take(chunk: ChatChunk): void {
    this.chunks++
    if (chunk.model) this.#model = chunk.model
    if (chunk.usage) this.#usage = chunk.usage
    for (const url of chunk.citations ?? []) this.#cite(url)
    const choice = chunk.choices?.[0]
    if (choice === undefined) {
      // The final count closes a reply even where no reason is given.
      if (chunk.usage && this.begun && !this.finished) {
        this.finished = true
        this.#byCount = true
        this.#finishReason = 'stop'
      }
      return
    }
    const { delta } = choice
    for (const each of [...(delta?.annotations ?? []), ...(choice.message?.annotations ?? [])]) {
      if (each) this.#cite(each.url_citation.url, each.url_citation.title)
    }
    const thinking = delta?.reasoning_content || delta?.reasoning || ''
    this.#say({ kind: 'thinking', text: thinking })
    for (const part of this.#tags.take(`${delta?.content ?? ''}${delta?.refusal ?? ''}`)) this.#say(part)
    for (const fragment of delta?.tool_calls ?? []) this.#takeFragment(fragment)
    if (choice.finish_reason !== null) {
      this.finished = true
      this.#finishReason = choice.finish_reason
    }
  }

  reply(provider: ProviderDefinition, request: ModelRequest, priceOf: PriceOfReply): ModelReply {
    // Nothing more comes: what was held back is what it looked like.
    for (const part of this.#tags.end()) this.#say(part)
    const calls = this.#calls
    const written = this.text + this.#thinking + calls.map((call) => call.name + call.arguments).join('')
    const usage = this.#usage === null ? estimateOf(request, written) : usageOf(this.#usage)
    const model = this.#model ?? request.model
    const costMicros = priceOf(provider, { provider: request.provider, model, asked: request.model }, usage)
    return {
      text: this.text,
      ...(this.#thinking !== '' && { thinking: this.#thinking }),
      ...(this.#citations.size > 0 && { citations: [...this.#citations.values()] }),
      toolCalls: calls.map((call) => ({
        name: this.#aliases.nameOf(call.name).slice(0, maxName),
        arguments: call.arguments,
      })),
      // Some endpoints say "stop" even after tool calls.
      finishReason: this.#finishReason === 'stop' && calls.length > 0 ? 'tool_calls' : this.#finishReason,
      usage,
      ...(costMicros !== undefined && { costMicros }),
      by: { provider: request.provider, model, simulated: provider.simulated },
      durationMs: performance.now() - this.#started,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
    }
  }

  #say({ kind, text }: TaggedText): void {
    if (text === '') return
    if (kind === 'thinking') this.#thinking += text
    else this.text += text
    this.#announce({ kind, text })
    if (this.text.length + this.#thinking.length - this.#lookedAt >= lookEvery) this.#look(kind)
  }

  /** @throws ModelFailed: nothing of what would follow is worth waiting for. */
  #look(kind: TaggedText['kind']): void {
    this.#lookedAt = this.text.length + this.#thinking.length
    const found = repeatedTail(kind === 'thinking' ? this.#thinking : this.text)
    if (found === undefined) return
    const unit = found.unit.replace(/\s+/g, ' ').trim().slice(0, 100)
    throw new ModelFailed(
      'repetition',
      `the ${kind} of the reply said the same at least ${found.times} times in a row: "${unit}"`,
    )
  }

  #cite(url: string, title?: string | null): void {
    if (!/^https?:\/\//.test(url) || url.length > longestUrl || this.#citations.size >= mostCitations) return
    const known = this.#citations.get(url)
    const named = title ? title.slice(0, 300).toWellFormed() : known?.title
    this.#citations.set(url, { url, ...(named !== undefined && { title: named }) })
  }

  #takeFragment(fragment: ToolCallFragment): void {
    const position = this.#positionOf(fragment)
    const call = this.#calls[position]
    if (call === undefined) return
    const name = fragment.function?.name ?? ''
    const text = fragment.function?.arguments ?? ''
    const named = name !== '' && name !== call.name
    // A name comes whole with the first fragment; endpoints that repeat it must not double it.
    if (named) call.name += name
    call.arguments += text
    this.#announce({
      kind: 'tool_arguments',
      index: position,
      text,
      ...(named && { name: this.#aliases.nameOf(call.name) }),
    })
  }

  /**
   * A new id opens a new call even at an index in use: some endpoints number every call 0. Without an index a fragment
   * without a new id belongs to the latest call.
   */
  #positionOf({ index, id, function: called }: ToolCallFragment): number {
    const wire = index ?? (id ? this.#calls.findIndex((call) => call.id === id) : this.#calls.length - 1)
    const position = index === undefined ? wire : (this.#byIndex.get(wire) ?? -1)
    const known = this.#calls[position]
    const another = known !== undefined && id && known.id !== '' && known.id !== id && called?.name
    if (known !== undefined && !another) {
      if (known.id === '' && id) known.id = id
      return position
    }
    this.#calls.push({ id: id ?? '', name: '', arguments: '' })
    const opened = this.#calls.length - 1
    if (index !== undefined) this.#byIndex.set(index, opened)
    return opened
  }

  #announce(delta: ModelDelta): void {
    this.#firstTokenMs ??= performance.now() - this.#started
    if (this.#byCount) this.finished = this.#byCount = false
    this.#onDelta(delta)
  }
}

const usageOf = (usage: ChunkUsage): TokenUsage => {
  const cached = usage.prompt_tokens_details?.cached_tokens
  const reasoning = usage.completion_tokens_details?.reasoning_tokens
  return {
    inputTokens: usage.prompt_tokens,
    // Some endpoints leave the thinking out of the completion and count it in the total alone.
    outputTokens: Math.max(usage.completion_tokens, (usage.total_tokens ?? 0) - usage.prompt_tokens),
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  }
}

/** For endpoints that report no usage: four bytes a token, the common rule of thumb. */
const estimateOf = ({ messages, tools }: ModelRequest, written: string): TokenUsage => ({
  inputTokens: Math.ceil(Buffer.byteLength(JSON.stringify([messages, tools])) / 4),
  outputTokens: Math.ceil(Buffer.byteLength(written) / 4),
})
