// Which texts of an event are a person's: who did it, and what they wrote. What a session is about is not among them.
import type { Actor } from '../../schemas/actor.ts'
import type { Cause } from '../../schemas/cause.ts'
import type { DomainEvent, SessionEvent } from '../../schemas/events.ts'
import type { InputAnswer } from '../../schemas/session-inputs.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import { forgotten, isSealed } from './sealed-text.ts'

/** Seals a text of a person, by their name; `place` is unlike any other of the event. */
export type SealText = (who: string, text: string, place: string) => string

/** Requests without a token all come from `local`: nobody in particular. */
export const isPerson = ({ kind, id }: Actor): boolean => kind === 'user' && id !== 'local' && id !== forgotten

export const sealActor = (actor: Actor, seal: SealText): Actor =>
  isPerson(actor) ? { ...actor, id: sealOnce(seal)(actor.id, actor.id, 'actor') } : actor

/** `actor` is who the events follow from. What is sealed already stays as it is. */
export const sealEvent = (event: DomainEvent, actor: Actor, sealText: SealText): DomainEvent => {
  const seal = sealOnce(sealText)
  const of = (by: Actor, text: string, place: string): string => (isPerson(by) ? seal(by.id, text, place) : text)
  const by = (person: Actor): Actor => ({ ...person, id: of(person, person.id, 'by') })
  const stored = (person: Actor, text: StoredText): StoredText => ({ ...text, text: of(person, text.text, 'text') })
  switch (event.type) {
    case 'session.message_sent': {
      const { from, text } = event.data
      if (from.kind === 'session') return withText(event, { ...text, text: cancellation(text.text, seal) })
      if (from.kind !== 'person') return event
      return {
        ...event,
        data: { ...event.data, from: { ...from, actor: by(from.actor) }, text: stored(from.actor, text) },
      }
    }
    case 'session.question_asked':
      return { ...event, data: { ...event.data, by: by(event.data.by), text: stored(event.data.by, event.data.text) } }
    case 'session.input_answered': {
      const answer = sealAnswer(event.data.answer, (text, place) => of(event.data.by, text, place))
      return { ...event, data: { ...event.data, by: by(event.data.by), answer } }
    }
    case 'session.paused':
    case 'task.cancelled': {
      const { by: person, reason } = event.data
      const data = { by: by(person), reason: reason === '' ? '' : of(person, reason, 'reason') }
      return event.type === 'session.paused' ? { ...event, data } : { ...event, data }
    }
    case 'session.resumed':
    case 'session.hold_released':
      return { ...event, data: { by: by(event.data.by) } }
    // Why something is kept, erased or forgotten has to be known for good.
    case 'session.held':
      return { ...event, data: { ...event.data, by: by(event.data.by) } }
    case 'session.erasure_requested':
      return { ...event, data: { ...event.data, by: by(event.data.by) } }
    case 'erasure.recorded':
      return { ...event, data: { ...event.data, by: by(event.data.by) } }
    case 'person.forgotten':
      return { ...event, data: { ...event.data, by: by(event.data.by) } }
    case 'ledger.budget_raised':
      return { ...event, data: { ...event.data, by: by(event.data.by) } }
    case 'session.ended':
      return { ...event, data: { ...event.data, cause: sealCause(event.data.cause, seal) } }
    case 'session.execution_ended':
      return event.data.cause === undefined
        ? event
        : { ...event, data: { ...event.data, cause: sealCause(event.data.cause, seal) } }
    case 'session.child_ended': {
      const { report } = event.data
      return { ...event, data: { ...event.data, report: { ...report, text: cancellation(report.text, seal) } } }
    }
    case 'session.tool_call_refused':
      return event.data.code === 'denied_by_person'
        ? { ...event, data: { ...event.data, message: denial(event.data.message, actor, of) } }
        : event
    // A person's reply is the result of the call that asked.
    case 'session.tool_call_recorded': {
      const { content } = event.data
      const text = isPerson(actor) ? of(actor, content.text, 'text') : cancellation(content.text, seal)
      return { ...event, data: { ...event.data, content: { ...content, text } } }
    }
    default:
      return event
  }
}

type Message = Extract<SessionEvent, { type: 'session.message_sent' }>
const withText = (event: Message, text: StoredText): Message => ({ ...event, data: { ...event.data, text } })

const sealOnce =
  (seal: SealText): SealText =>
  (who, text, place) =>
    text === '' || isSealed(text) || isSealed(who) ? text : seal(who, text, place)

const sealAnswer = (answer: InputAnswer, seal: (text: string, place: string) => string): InputAnswer => {
  switch (answer.kind) {
    case 'reply':
      return { ...answer, text: seal(answer.text, 'text') }
    case 'deny':
      return answer.reason === '' ? answer : { ...answer, reason: seal(answer.reason, 'reason') }
    case 'accept':
      return answer.content === undefined
        ? answer
        : {
            ...answer,
            content: Object.fromEntries(
              Object.entries(answer.content).map(([name, value]) => [
                name,
                typeof value === 'string' ? seal(value, `content.${name}`) : value,
              ]),
            ),
          }
    default:
      return answer
  }
}

const sealCause = (cause: Cause, seal: SealText): Cause =>
  cause.code === 'cancelled' ? { ...cause, message: cancellation(cause.message, seal) } : cause

/** As `cancelledBy` words it, and what tells a parent session of it. */
const cancelled = /^((?:Session ses_\w+ cancelled:\n)?Cancelled by )([\x21-\x7e]{1,200}?)(?:(\.)$|(: )([\s\S]*)$)/

/** Part by part: what is read once it is forgotten is still worded as it would be decided. */
const cancellation = (text: string, seal: SealText): string => {
  const [, before, who, dot, colon, reason] = cancelled.exec(text) ?? []
  if (before === undefined || who === undefined || !isPerson({ kind: 'user', id: who })) return text
  const by = `${before}${seal(who, who, 'by')}`
  return dot === undefined ? `${by}${colon}${seal(who, reason ?? '', 'reason')}` : `${by}.`
}

const denied = /^Denied by \S+?(?:: ([\s\S]*))?\. It was not run; /

const denial = (text: string, by: Actor, of: (by: Actor, text: string, place: string) => string): string => {
  if (!text.startsWith(`Denied by ${by.id}`)) return text
  const [whole = '', reason] = denied.exec(text) ?? []
  const rest = text.slice(whole.length)
  const told = reason === undefined ? '' : `: ${of(by, reason, 'reason')}`
  return `Denied by ${of(by, by.id, 'by')}${told}. It was not run; ${rest}`
}
