// The story as cards: what belongs together stands in one, whatever came in between.
import type { EventData } from '../../../../schemas/events.ts'
import { type Note, noteOf } from './notes.ts'
import type { StoryEvent } from './story.ts'
import { wholeFrom } from './whole-from.ts'

interface CardBase {
  readonly key: string
  readonly at: string
  /** Of the event it begins with, and of what belongs to it: a fork from here shares everything up to it. */
  readonly version: number
  /** The session it happened in, when a fork shares it. */
  readonly inheritedFrom?: string
}

export interface ToolCard extends CardBase {
  readonly kind: 'tool'
  readonly request: EventData<'session.tool_call_requested'>
  readonly attempts: number
  readonly result: EventData<'session.tool_call_recorded'> | null
  /** What the agent was shown in its place. */
  readonly shown: EventData<'session.result_summarized'> | null
}

export type Card =
  | (CardBase & { readonly kind: 'started'; readonly started: EventData<'session.started'> })
  | (CardBase & { readonly kind: 'forked'; readonly forked: EventData<'session.forked'> })
  | (CardBase & { readonly kind: 'reply'; readonly reply: EventData<'session.model_replied'> })
  | ToolCard
  | (CardBase & { readonly kind: 'refused'; readonly refusal: EventData<'session.tool_call_refused'> })
  | (CardBase & { readonly kind: 'stage'; readonly stage: EventData<'session.stage_started'> })
  | (CardBase & { readonly kind: 'stage_ended'; readonly stage: EventData<'session.stage_ended'> })
  | (CardBase & { readonly kind: 'message'; readonly message: EventData<'session.message_sent'> })
  | (CardBase & { readonly kind: 'helper'; readonly helper: EventData<'session.helper_dispatched'> })
  | (CardBase & { readonly kind: 'concluded'; readonly ended: EventData<'session.execution_ended'> })
  | (CardBase & { readonly kind: 'analysis'; readonly analysis: EventData<'session.final_analysis_recorded'> })
  | (CardBase & { readonly kind: 'question'; readonly question: EventData<'session.question_asked'> })
  | (CardBase & { readonly kind: 'child'; readonly child: EventData<'session.child_started'> })
  | (CardBase & { readonly kind: 'note' } & Note)

/** Cards of events in order; a result whose request is older than what is known makes no card. */
export const cardsOf = (events: readonly StoryEvent[]): readonly Card[] => {
  const cards: Card[] = []
  const calls = new Map<string, number>()
  const change = (toolCallId: string, part: (card: ToolCard) => Partial<ToolCard>): void => {
    const place = calls.get(toolCallId)
    const card = place === undefined ? undefined : cards[place]
    if (place !== undefined && card?.kind === 'tool') cards[place] = { ...card, ...part(card) }
  }
  for (const [index, { event, at, inheritedFrom }] of events.entries()) {
    const version = wholeFrom(events, index)
    const base =
      inheritedFrom === undefined
        ? { key: `v${event.version}`, at, version }
        : { key: `${inheritedFrom}v${event.version}`, at, version, inheritedFrom }
    switch (event.type) {
      case 'session.tool_call_requested':
        calls.set(event.data.toolCallId, cards.length)
        cards.push({ ...base, kind: 'tool', request: event.data, attempts: 0, result: null, shown: null })
        break
      case 'session.tool_call_begun':
        change(event.data.toolCallId, () => ({ attempts: event.data.attempt }))
        break
      case 'session.tool_call_recorded':
        // A late result changes nothing: what counted stands.
        change(event.data.toolCallId, (card) => ({ result: card.result ?? event.data }))
        break
      case 'session.result_summarized':
        change(event.data.toolCallId, () => ({ shown: event.data }))
        break
      default: {
        const card = cardOf(event, base)
        if (card !== null) cards.push(card)
      }
    }
  }
  return cards
}

const cardOf = (event: StoryEvent['event'], base: CardBase): Card | null => {
  switch (event.type) {
    case 'session.started':
      return { ...base, kind: 'started', started: event.data }
    case 'session.forked':
      return { ...base, kind: 'forked', forked: event.data }
    case 'session.model_replied':
      return { ...base, kind: 'reply', reply: event.data }
    case 'session.tool_call_refused':
      return { ...base, kind: 'refused', refusal: event.data }
    case 'session.stage_started':
      return { ...base, kind: 'stage', stage: event.data }
    case 'session.stage_ended':
      return { ...base, kind: 'stage_ended', stage: event.data }
    case 'session.message_sent':
      return { ...base, kind: 'message', message: event.data }
    case 'session.helper_dispatched':
      return { ...base, kind: 'helper', helper: event.data }
    case 'session.execution_ended':
      return { ...base, kind: 'concluded', ended: event.data }
    case 'session.final_analysis_recorded':
      return { ...base, kind: 'analysis', analysis: event.data }
    case 'session.question_asked':
      return { ...base, kind: 'question', question: event.data }
    case 'session.child_started':
      return { ...base, kind: 'child', child: event.data }
    default: {
      const note = noteOf(event)
      return note && { ...base, kind: 'note', ...note }
    }
  }
}
