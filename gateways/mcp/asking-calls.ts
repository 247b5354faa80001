// Which call a server's question belongs to: the protocol does not say, so it is told from the calls under way.
import { z } from 'zod'
import type { ToolAnswer, ToolCallListener } from '../../handlers/ports/tool-box.ts'
import type { CallClock } from './call-clock.ts'

export interface AskingCall {
  readonly executionId: string
  readonly ask: ToolCallListener['ask']
  readonly clock: CallClock
}

export interface AskingCalls {
  enter(call: AskingCall): {
    /** For a question in place of a result: there is no doubt whose it is. */
    readonly answer: (params: unknown) => Promise<ToolAnswer>
    readonly leave: () => void
  }
  /** @param params of `elicitation/create`, unchecked. */
  answer(params: unknown): Promise<ToolAnswer>
}

const elicitation = z.looseObject({
  mode: z.enum(['form', 'url']).catch('form'),
  message: z.string().catch(''),
  requestedSchema: z.unknown().optional(),
  url: z.string().optional().catch(undefined),
})

const nobody: ToolAnswer = { action: 'cancel' }

/** @param clean takes out of a text what nobody may see. */
export const createAskingCalls = (clean: (text: string) => string): AskingCalls => {
  const underWay = new Set<AskingCall>()

  const read = (params: unknown) => {
    const { mode, message, requestedSchema, url } = elicitation.parse(params)
    const schema: unknown =
      requestedSchema === undefined ? undefined : JSON.parse(clean(JSON.stringify(requestedSchema)))
    return { mode, message: clean(message), requestedSchema: schema, url: url && clean(url) }
  }

  const put = async ({ ask }: AskingCall, params: unknown, waiting: readonly AskingCall[]): Promise<ToolAnswer> => {
    if (ask === undefined) return nobody
    const holds = waiting.map(({ clock }) => clock.hold())
    try {
      return await ask(read(params))
    } finally {
      for (const letGo of holds) letGo()
    }
  }

  return {
    enter: (call) => {
      underWay.add(call)
      return { answer: (params) => put(call, params, [call]), leave: () => underWay.delete(call) }
    },
    answer: async (params) => {
      const calls = [...underWay]
      // Of the calls of one agent, the one begun last: whichever it is, the same people are asked.
      const asking = calls.at(-1)
      if (asking === undefined || calls.some(({ executionId }) => executionId !== asking.executionId)) return nobody
      // Any of them may be the one that waits.
      return put(asking, params, calls)
    },
  }
}
