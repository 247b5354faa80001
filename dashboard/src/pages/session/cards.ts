// The story as cards: what belongs together stands in one, whatever came in between.
import type { EventData } from '../../../../schemas/events.ts'
import type { StoryEvent } from './story.ts'

interface CardBase {
  readonly key: string
  readonly at: string
  readonly version: number
}

export type Card =
  | (CardBase & { readonly kind: 'reply'; readonly reply: EventData<'session.model_replied'> })
  | (CardBase & {
      readonly kind: 'tool'
      readonly request: EventData<'session.tool_call_requested'>
      readonly begun: boolean
      readonly result: EventData<'session.tool_call_recorded'> | null
    })
  | (CardBase & { readonly kind: 'refused'; readonly refusal: EventData<'session.tool_call_refused'> })
  | (CardBase & { readonly kind: 'stage'; readonly name: string; readonly index: number; readonly total: number })
  | (CardBase & { readonly kind: 'note'; readonly title: string; readonly text: string; readonly tone: Tone })

export type Tone = 'plain' | 'good' | 'bad' | 'ask'

/** Cards of events in order; a result whose request is older than what is known makes no card. */
export const cardsOf = (events: readonly StoryEvent[]): readonly Card[] => {
  const cards: Card[] = []
  const calls = new Map<string, number>()
  for (const { event, at } of events) {
    const base = { key: `v${event.version}`, at, version: event.version }
    const note = (title: string, text = '', tone: Tone = 'plain'): void => {
      cards.push({ ...base, kind: 'note', title, text, tone })
    }
    switch (event.type) {
      case 'session.model_replied':
        cards.push({ ...base, kind: 'reply', reply: event.data })
        break
      case 'session.tool_call_requested':
        calls.set(event.data.toolCallId, cards.length)
        cards.push({ ...base, kind: 'tool', request: event.data, begun: false, result: null })
        break
      case 'session.tool_call_begun':
      case 'session.tool_call_recorded': {
        const place = calls.get(event.data.toolCallId)
        const card = place === undefined ? undefined : cards[place]
        if (place === undefined || card?.kind !== 'tool') break
        cards[place] =
          event.type === 'session.tool_call_begun' ? { ...card, begun: true } : { ...card, result: event.data }
        break
      }
      case 'session.tool_call_refused':
        cards.push({ ...base, kind: 'refused', refusal: event.data })
        break
      case 'session.stage_started': {
        const { name, index, total } = event.data
        cards.push({ ...base, kind: 'stage', name, index, total })
        break
      }
      case 'session.started':
        note('Session started', event.data.input.text)
        break
      case 'session.plan_adopted':
        note(`Chain ${event.data.chain.name}`, event.data.chain.reason)
        break
      case 'session.plan_extended':
        note('The plan was extended', event.data.stages.map(({ name }) => name).join(' → '))
        break
      case 'session.helper_dispatched':
        note(`Helper ${event.data.agent}`, event.data.task)
        break
      case 'session.message_sent':
        note(
          event.data.from.kind === 'person'
            ? `Message of ${event.data.from.actor.id}`
            : `Message of ${event.data.from.name}`,
          event.data.text.text,
        )
        break
      case 'session.input_requested':
        note('A person is asked', '', 'ask')
        break
      case 'session.input_answered':
        note(`Answered by ${event.data.by.id}: ${event.data.answer.kind}`)
        break
      case 'session.input_expired':
        note('Nobody answered in time', '', 'bad')
        break
      case 'session.model_failed':
        note(`The model failed (${event.data.class})`, event.data.message, 'bad')
        break
      case 'session.loop_detected':
        note('The agent goes round in circles', event.data.evidence, 'bad')
        break
      case 'session.context_compacted':
        note(`Turns 1 to ${event.data.throughTurn} were condensed`, event.data.text.text)
        break
      case 'session.provider_switched':
        note(
          `Went on with ${event.data.to.provider}/${event.data.to.model}`,
          `${event.data.from.provider}/${event.data.from.model} failed for good (${event.data.class}).`,
          'bad',
        )
        break
      case 'session.budget_reached':
        note(`Budget reached: ${event.data.budget}`, `${event.data.used} of ${event.data.limit}`, 'ask')
        break
      case 'session.paused':
        note(`Paused by ${event.data.by.id}`, event.data.reason)
        break
      case 'session.resumed':
        note(`Resumed by ${event.data.by.id}`)
        break
      case 'session.execution_ended':
        if (event.data.cause !== undefined) note(event.data.cause.message, event.data.cause.nextStep, 'bad')
        break
      case 'session.summary_recorded':
        note('Summary', event.data.text, 'good')
        break
      case 'session.ended':
        note(
          `Session ${event.data.status}`,
          event.data.status === 'completed' ? '' : `${event.data.cause.message} ${event.data.cause.nextStep}`,
          event.data.status === 'completed' ? 'good' : 'bad',
        )
        break
      default:
        // The event log shows every event; the story those a person reads.
        break
    }
  }
  return cards
}
