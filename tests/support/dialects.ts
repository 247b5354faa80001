// How each provider really streams, as far as its documentation tells: the frames of one reply with thinking, text and two calls.

interface Dialect {
  readonly frames: readonly unknown[]
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
  readonly thinking: string
}

const thinking = 'The disk may be full.'
const text = 'I look.'
const counts = { prompt_tokens: 20, completion_tokens: 12 }
const chunk = (delta: object, more: object = {}, finish: string | null = null) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  model: 'm-1',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
})
const pieces = (value: string): readonly string[] => value.match(/.{1,5}/gs) ?? []
const call = (index: number | undefined, id: string | undefined, name: string | undefined, written: string) => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id, type: 'function' }),
  function: { ...(name !== undefined && { name }), arguments: written },
})
/** Arguments in pieces, name and id with the first. */
const inPieces = [
  chunk({ tool_calls: [call(0, 'c1', 'host__disk', '')] }),
  ...pieces('{"path":"/"}').map((each) => chunk({ tool_calls: [call(0, undefined, undefined, each)] })),
  chunk({ tool_calls: [call(1, 'c2', 'host__load', '')] }),
  ...pieces('{}').map((each) => chunk({ tool_calls: [call(1, undefined, undefined, each)] })),
]
/** Each call whole, in one piece. */
const whole = (first: number | undefined, second: number | undefined) =>
  chunk({ tool_calls: [call(first, 'c1', 'host__disk', '{"path":"/"}'), call(second, 'c2', 'host__load', '{}')] })
const texts = pieces(text).map((content) => chunk({ content }))
const lastCount = (usage: object = counts) => ({ id: 'x', model: 'm-1', choices: [], usage })
const plain = { inputTokens: 20, outputTokens: 12 }

export const expected = {
  text,
  toolCalls: [
    { name: 'host__disk', arguments: '{"path":"/"}' },
    { name: 'host__load', arguments: '{}' },
  ],
}

export const dialects: Readonly<Record<string, Dialect>> = {
  openai: {
    frames: [
      chunk({ role: 'assistant', content: '' }),
      ...texts,
      ...inPieces,
      chunk({}, {}, 'tool_calls'),
      lastCount(),
    ],
    usage: plain,
    thinking: '',
  },
  anthropic: {
    frames: [chunk({ role: 'assistant' }), ...texts, ...inPieces, chunk({}, { usage: counts }, 'tool_calls')],
    usage: plain,
    thinking: '',
  },
  gemini: {
    // Thoughts between tags, calls whole and without an index, thoughts counted in the total alone, "stop" after calls.
    frames: [
      ...pieces(`<thought>${thinking}</thought>${text}`).map((content) => chunk({ role: 'assistant', content })),
      {
        ...whole(undefined, undefined),
        usage: { ...counts, total_tokens: 40 },
      },
      chunk({ role: 'assistant' }, { usage: { ...counts, total_tokens: 40 } }, 'stop'),
    ],
    usage: { inputTokens: 20, outputTokens: 20 },
    thinking,
  },
  xai: {
    // Reasoning first, running totals in each chunk, reasoning not counted as completion.
    frames: [
      ...pieces(thinking).map((reasoning_content) =>
        chunk({ reasoning_content }, { usage: { ...counts, total_tokens: 25 } }),
      ),
      ...texts,
      whole(0, 1),
      chunk({}, {}, 'tool_calls'),
      lastCount({ ...counts, total_tokens: 41, completion_tokens_details: { reasoning_tokens: 9 } }),
    ],
    usage: { inputTokens: 20, outputTokens: 21 },
    thinking,
  },
  openrouter: {
    frames: [
      ...pieces(thinking).map((reasoning) =>
        chunk({ content: '', reasoning, reasoning_details: [{ type: 'reasoning.text', text: reasoning }] }),
      ),
      ...texts,
      ...inPieces,
      chunk({ content: '' }, { native_finish_reason: 'tool_use' }, 'tool_calls'),
      { ...lastCount(), choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
    ],
    usage: plain,
    thinking,
  },
  ollama: {
    // Every call at index 0, each whole; no reason for the end but the count.
    frames: [
      ...pieces(thinking).map((reasoning) => chunk({ role: 'assistant', content: '', reasoning })),
      ...texts,
      chunk({ tool_calls: [call(0, 'c1', 'host__disk', '{"path":"/"}')] }),
      chunk({ tool_calls: [call(0, 'c2', 'host__load', '{}')] }),
      lastCount(),
    ],
    usage: plain,
    thinking,
  },
  vllm: {
    // Older and newer name of the field side by side; counts in each chunk.
    frames: [
      ...pieces(thinking).map((each) =>
        chunk({ reasoning_content: each, reasoning: each }, { usage: { prompt_tokens: 20, completion_tokens: 1 } }),
      ),
      ...texts,
      ...inPieces,
      chunk({}, { usage: counts }, 'tool_calls'),
    ],
    usage: plain,
    thinking,
  },
  'a model that thinks in its text': {
    frames: [
      ...pieces(`<think>\n${thinking}\n</think>\n\n${text}`).map((content) => chunk({ content })),
      ...inPieces,
      chunk({}, {}, 'tool_calls'),
      lastCount(),
    ],
    usage: plain,
    thinking: `\n${thinking}\n`,
  },
}

/** What each says when it refuses, and the words that must reach the operator. */
export const refusals: readonly (readonly [provider: string, status: number, body: unknown, words: RegExp])[] = [
  [
    'openai',
    401,
    { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } },
    /Incorrect API key/,
  ],
  [
    'anthropic',
    529,
    { error: { code: 'overloaded_error', message: 'Overloaded', type: 'overloaded_error', param: null } },
    /Overloaded/,
  ],
  [
    'gemini',
    400,
    [{ error: { code: 400, message: 'Function call is missing a thought_signature', status: 'INVALID_ARGUMENT' } }],
    /missing a thought_signature/,
  ],
  [
    'xai',
    400,
    { code: 'Client specified an invalid argument', error: 'Model grok-9 does not exist' },
    /grok-9 does not exist/,
  ],
  ['openrouter', 402, { error: { code: 402, message: 'Insufficient credits', metadata: {} } }, /Insufficient credits/],
  ['ollama', 404, { error: 'model "qwen3:8b" not found, try pulling it first' }, /try pulling it first/],
  [
    'vllm',
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 8192 tokens.",
      type: 'BadRequestError',
      code: 400,
    },
    /maximum context length/,
  ],
  [
    'azure',
    404,
    { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } },
    /deployment for this resource/,
  ],
]
