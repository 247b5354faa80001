// A session as it happens, for a person to read; text that streams is written as it comes and not again.
import { z } from 'zod'
import type { EventData } from '../../schemas/events.ts'
import { parseEvent } from '../../schemas/parse-event.ts'
import { eventLines } from './event-lines.ts'
import { plain, type Write } from './output.ts'

export const streamedDelta = z.object({
  executionId: z.string(),
  turn: z.int(),
  attempt: z.int(),
  kind: z.string(),
  offset: z.int().default(0),
  text: z.string(),
})
type StreamedDelta = z.infer<typeof streamedDelta>

export interface SessionLines {
  delta(delta: StreamedDelta): void
  /** @returns the end of the session, once it has come. */
  event(storedType: string, data: unknown): EventData<'session.ended'> | null
  note(text: string): void
}

const margin = '  │ '

export const createSessionLines = (write: Write): SessionLines => {
  /** What is on the screen of each turn: `<execution>/<turn>`. */
  const told = new Map<string, { readonly attempt: number; readonly text: string }>()
  const toolNames = new Map<string, string>()
  let open: string | null = null

  const line = (text: string): void => {
    if (open !== null) write('\n')
    open = null
    write(`${text}\n`)
  }
  const stream = (key: string, text: string): void => {
    if (open !== key) {
      if (open !== null) write('\n')
      write(margin)
    }
    open = key
    write(plain(text).replaceAll('\n', `\n${margin}`))
  }
  const replied = ({ executionId, turn, text }: EventData<'session.model_replied'>): void => {
    const key = `${executionId}/${turn}`
    const said = told.get(key)?.text ?? ''
    told.delete(key)
    // Masking may have changed what streamed; then the screen keeps what it has.
    const rest = text.text.startsWith(said) ? text.text.slice(said.length) : ''
    if (rest.trim() !== '') stream(key, said === '' ? rest.trimEnd() : rest)
  }

  return {
    note: line,
    delta: ({ executionId, turn, attempt, kind, offset, text }) => {
      if (kind !== 'text') return
      const key = `${executionId}/${turn}`
      const before = told.get(key)
      const said = before?.attempt === attempt ? before.text : ''
      // A gap cannot be mended before the reply is recorded.
      const fresh = offset <= said.length ? text.slice(Math.max(0, said.length - offset)) : `…${text}`
      told.set(key, { attempt, text: said + fresh })
      if (fresh !== '') stream(key, fresh)
    },
    event: (storedType, data) => {
      const event = parseEvent(storedType, data)
      if (event === null) return null
      if (event.type === 'session.tool_call_requested') toolNames.set(event.data.toolCallId, event.data.name)
      if (event.type === 'session.model_replied') replied(event.data)
      for (const each of eventLines(event, (id) => toolNames.get(id) ?? id)) line(each)
      return event.type === 'session.ended' ? event.data : null
    },
  }
}
