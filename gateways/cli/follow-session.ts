// Follows one session live and writes what happens as readable lines; resumes by itself where the connection broke.
import { createEventSource } from 'eventsource-client'
import { z } from 'zod'
import { parseEvent } from '../../schemas/commit-codec.ts'
import type { ApiClient } from './api-client.ts'
import { cut, type Write } from './output.ts'

export interface Followed {
  readonly status: 'completed' | 'failed' | 'cancelled'
  readonly reason: string
  /** Events of the session, by its last version. */
  readonly events: number
}

const commit = z.object({
  version: z.int(),
  events: z.array(z.looseObject({ type: z.string(), data: z.unknown() })),
})
const snapshot = z.object({ version: z.int() })
const delta = z.object({
  executionId: z.string(),
  turn: z.int(),
  attempt: z.int(),
  kind: z.string(),
  text: z.string(),
})

/** Resolves when the session has ended. */
export const followSession = async (api: ApiClient, id: string, write: Write): Promise<Followed> => {
  const source = createEventSource({
    url: new URL(`/v1/sessions/${id}/stream?after=0`, api.baseUrl).toString(),
    headers: { ...api.headers },
  })
  const lines = createLines(write)
  let version = 0
  try {
    for await (const message of source) {
      if (message.event === 'delta') {
        const parsed = delta.safeParse(JSON.parse(message.data))
        if (parsed.success) lines.delta(parsed.data)
      } else if (message.event === 'snapshot') {
        version = snapshot.parse(JSON.parse(message.data)).version
      } else if (message.event === 'commit') {
        const { events, version: reached } = commit.parse(JSON.parse(message.data))
        version = reached
        for (const event of events) {
          const ended = lines.event(event.type, event.data)
          if (ended !== null) return { ...ended, events: version }
        }
      }
    }
  } finally {
    source.close()
  }
  throw new Error(`The stream of ${id} ended before the session did. Run "casebook watch ${id}" again.`)
}

const createLines = (write: Write) => {
  let streaming = ''
  const line = (text: string): void => {
    if (streaming !== '') write('\n')
    streaming = ''
    write(`${text}\n`)
  }
  return {
    delta: ({ executionId, turn, attempt, kind, text }: z.infer<typeof delta>): void => {
      if (kind !== 'text') return
      const key = `${executionId}/${turn}/${attempt}`
      if (streaming !== key) line('  ┆ writing:')
      streaming = key
      write(text.replaceAll('\n', '\n  ┆ '))
    },
    /** @returns how the session ended, once it has. */
    event: (stored: string, data: unknown): Omit<Followed, 'events'> | null => {
      const event = parseEvent(stored, data)
      switch (event?.type) {
        case 'session.plan_adopted': {
          const { chain, stages } = event.data
          line(`plan: chain ${chain.name} (${chain.reason}), ${stages.length} stage(s)`)
          return null
        }
        case 'session.stage_started':
          line(`stage ${event.data.index + 1} of ${event.data.total}: ${event.data.name}`)
          return null
        case 'session.tools_offered': {
          line(`  tools offered: ${event.data.tools.map(({ name }) => name).join(', ') || 'none'}`)
          for (const { server, reason } of event.data.unavailable) line(`  not available: ${server}: ${reason}`)
          return null
        }
        case 'session.model_replied': {
          const { by, usage, turn, durationMs } = event.data
          const model = by.simulated ? `${by.model} (simulated)` : by.model
          line(`  turn ${turn}: ${model} answered in ${durationMs} ms, ${usage.inputTokens} in, ${usage.outputTokens} out`)
          return null
        }
        case 'session.model_failed':
          line(`  turn ${event.data.turn}: the model failed (${event.data.class}): ${event.data.message}`)
          return null
        case 'session.tool_call_requested':
          line(`  call ${event.data.name} ${cut(JSON.stringify(event.data.arguments), 100)}`)
          return null
        case 'session.tool_call_refused':
          line(`  refused ${event.data.name}: ${event.data.message}`)
          return null
        case 'session.tool_call_recorded': {
          const { outcome, durationMs, content } = event.data
          line(`    ${outcome} in ${durationMs} ms: ${cut(content.text.replaceAll('\n', ' '), 100)}`)
          return null
        }
        case 'session.ended': {
          const { status, cause } = event.data
          line(`session ${status}: ${cause.message}`)
          return { status, reason: status === 'completed' ? cause.message : `${cause.message} ${cause.nextStep}` }
        }
        default:
          return null
      }
    },
  }
}
