// The model gateway pointed at a scripted endpoint, with a planted key; a test about a time-out sets its own.
import { createOpenAiModel } from '../../gateways/llm/openai-model.ts'
import { createPriceOfReply } from '../../gateways/llm/price-of-reply.ts'
import {
  type LanguageModel,
  type ModelDelta,
  ModelFailed,
  type ModelRequest,
} from '../../handlers/ports/language-model.ts'
import { type Behaviour, type Call, type ScriptedEndpoint, startScriptedEndpoint } from './scripted-endpoint.ts'

export const apiKey = 'sk-planted-0123456789-abcdefghij'
const timeouts = { firstTokenMs: 60_000, stallMs: 60_000, callMs: 120_000 }

export const request: ModelRequest = {
  provider: 'scripted',
  model: 'some-model',
  messages: [
    { role: 'system', text: 'Be exact.' },
    { role: 'user', text: 'Why?' },
  ],
  tools: [],
}

export const modelAt = (url: string, limits: Partial<typeof timeouts> = {}): LanguageModel =>
  createOpenAiModel({
    providers: () => ({
      scripted: {
        base_url: url,
        api_key_env: 'SCRIPTED_KEY',
        api_key_optional: false,
        model: 'some-model',
        simulated: false,
      },
    }),
    priceOf: createPriceOfReply(() => []),
    secret: (name) => (name === 'SCRIPTED_KEY' ? apiKey : undefined),
    timeouts: { ...timeouts, ...limits },
  })

/** Runs `work` against an endpoint of its own. */
export const against = async <T>(
  behave: (call: Call) => Behaviour,
  work: (endpoint: ScriptedEndpoint) => Promise<T>,
): Promise<T> => {
  const endpoint = await startScriptedEndpoint(behave)
  try {
    return await work(endpoint)
  } finally {
    await endpoint.close()
  }
}

export const ask = async (
  model: LanguageModel,
  changes: Partial<ModelRequest> = {},
  signal = new AbortController().signal,
) => {
  const deltas: ModelDelta[] = []
  const reply = await model.reply({ ...request, ...changes }, (delta) => deltas.push(delta), signal)
  return { reply, deltas }
}

export const failureOf = async (model: LanguageModel, changes: Partial<ModelRequest> = {}): Promise<ModelFailed> => {
  try {
    await ask(model, changes)
  } catch (error) {
    if (error instanceof ModelFailed) return error
    throw error
  }
  throw new Error('the call succeeded')
}
