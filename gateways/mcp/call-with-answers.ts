// A call to its end, through what the server wants to know first: answered by people, and then called again as it asks.
import type { ToolAnswer } from '../../handlers/ports/tool-box.ts'
import type { LineCall, LineRequest, McpLine } from './mcp-line.ts'
import { inputRequired } from './tool-content.ts'

/** A server that never has enough is not asked again for ever. */
const mostRounds = 10

/** @returns what came in the end; a question that cannot be put before people comes back as it is. */
export const callWithAnswers = async (
  line: McpLine,
  call: LineCall,
  request: LineRequest,
  answer: (params: unknown) => Promise<ToolAnswer>,
): Promise<unknown> => {
  let next = call
  for (let round = 1; ; round++) {
    const outcome = await callOnce(line, next, request)
    if (outcome.kind === 'links') {
      // The server did nothing yet: it wants to be called again, as before.
      if (round === mostRounds || !(await allAccepted(outcome.links, answer))) throw outcome.error
      continue
    }
    const asked = inputRequired.safeParse(outcome.result).data
    const requests = Object.entries(asked?.inputRequests ?? {})
    if (asked === undefined || round === mostRounds) return outcome.result
    if (requests.some(([, { method }]) => method !== 'elicitation/create')) return outcome.result
    const inputResponses: Record<string, ToolAnswer> = {}
    for (const [key, { params }] of requests) inputResponses[key] = await answer(params)
    next = { ...call, answered: { inputResponses, requestState: asked.requestState } }
  }
}

type CallOutcome =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'links'; readonly links: readonly unknown[]; readonly error: unknown }

const callOnce = async (line: McpLine, call: LineCall, request: LineRequest): Promise<CallOutcome> => {
  try {
    return { kind: 'result', result: await line.call(call, request) }
  } catch (error) {
    const links = line.linksOf(error)
    if (links.length === 0) throw error
    return { kind: 'links', links, error }
  }
}

const allAccepted = async (
  links: readonly unknown[],
  answer: (params: unknown) => Promise<ToolAnswer>,
): Promise<boolean> => {
  for (const link of links) if ((await answer(link)).action !== 'accept') return false
  return true
}
