// The only place a subject is built or taken apart.
import { type StreamId, streamCategory } from '../../schemas/commit.ts'
import { orgId } from '../../schemas/ids.ts'

export const eventSubject = ({ org, category, id }: StreamId): string => `casebook.events.${org}.${category}.${id}`
export const alertSubject = (org: string): string => `casebook.alerts.${org}`
export const commandSubject = (org: string, name: string): string => `casebook.commands.${org}.${name}`
export const liveSubject = (org: string, session: string): string => `casebook.live.${org}.${session}`
export const deadSubject = (consumer: string, letter: string): string => `casebook.dead.${consumer}.${letter}`
/** What was decided of a dead letter, next to it in its stream. */
export const decidedSubject = (consumer: string, letter: string): string => `casebook.decided.${consumer}.${letter}`
/** Raised by the server itself, and kept by nobody else. */
export const maxDeliveriesSubject = (stream: string): string => `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.*`

export const everyEvent = 'casebook.events.>'
export const everyAlert = 'casebook.alerts.*'
export const everyCommand = 'casebook.commands.*.*'
export const everyRequest = 'casebook.request.*.*'
export const everyDead = 'casebook.dead.>'
export const everyDecided = 'casebook.decided.*.*'
export const everyLive = 'casebook.live.>'

/** @returns null when the subject is not one of the log's. */
export const parseEventSubject = (subject: string): StreamId | null => {
  const [casebook, events, org, category, id, ...rest] = subject.split('.')
  if (casebook !== 'casebook' || events !== 'events' || id === undefined || rest.length > 0) return null
  const parsedOrg = orgId.safeParse(org)
  const parsedCategory = streamCategory.safeParse(category)
  return parsedOrg.success && parsedCategory.success ? { org: parsedOrg.data, category: parsedCategory.data, id } : null
}

/** The org of `casebook.<kind>.<org>…`, or null when that token is no org. */
export const orgOfSubject = (subject: string) => {
  const parsed = orgId.safeParse(subject.split('.')[2])
  return parsed.success ? parsed.data : null
}
