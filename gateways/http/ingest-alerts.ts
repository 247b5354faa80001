// From normalised alerts to the durable queue: nothing is answered "accepted" before the queue has it.
import { alertIdOf } from '../../commands/new-id.ts'
import { activeTraceparent } from '../../commands/with-span.ts'
import type { AlertId, SessionId } from '../../schemas/ids.ts'
import { type AlertDraft, digest, type NormalisedEntry, toMessage } from '../alerts/alert-draft.ts'
import { alertContentType } from '../alerts/read-alerts.ts'
import type { HttpDependencies } from './dependencies.ts'
import { RequestRefused } from './problem.ts'
import { fieldOf } from './problem-of-error.ts'
import type { RequestContext } from './request-context.ts'

export type IngestResult =
  | {
      readonly index: number
      readonly status: 'accepted' | 'duplicate'
      readonly alertId: AlertId
      readonly sessionId?: SessionId
    }
  | { readonly index: number; readonly status: 'invalid'; readonly error: string }

export interface IngestAnswer {
  readonly accepted: number
  readonly duplicates: number
  readonly results: readonly IngestResult[]
}

type Dependencies = Pick<HttpDependencies, 'alertIntake' | 'storeText' | 'bus'>

/** Queued at the same time; the queue's own acknowledgements set the pace. */
const inFlight = 64
/** For more alerts than this nobody waits for session ids; `GET /v1/alerts/:id` tells them. */
const maxSessionLookups = 20

/** @throws RequestRefused when no entry is valid, LogUnavailable when the queue is away. */
export const ingestAlerts = async (
  deps: Dependencies,
  caller: RequestContext,
  entries: readonly NormalisedEntry[],
): Promise<IngestAnswer> => {
  refuseWhenNoneIsValid(entries)
  const results: IngestResult[] = []
  const waiting = entries.entries()
  const worker = async (): Promise<void> => {
    for (const [index, entry] of waiting) {
      results[index] =
        entry.kind === 'invalid'
          ? { index, status: 'invalid', error: entry.issues.join('; ') }
          : await ingestOne(deps, caller, entry, index, entries.length <= maxSessionLookups)
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, entries.length) }, worker))
  const count = (status: IngestResult['status']): number => results.filter((each) => each.status === status).length
  return { accepted: count('accepted'), duplicates: count('duplicate'), results }
}

const ingestOne = async (
  { alertIntake, storeText, bus }: Dependencies,
  caller: RequestContext,
  draft: AlertDraft,
  index: number,
  lookUp: boolean,
): Promise<IngestResult> => {
  const { org } = caller
  const alertId = alertIdOf(org, draft.alert.fingerprint)
  const message = toMessage(draft, await storeText(draft.payload, 'application/json'))
  const traceparent = activeTraceparent() ?? caller.traceparent
  const { duplicate } = await alertIntake.publish(
    org,
    `alert:${org}:${digest(alertId, draft.occurrenceKey)}`,
    JSON.stringify(message),
    {
      'content-type': alertContentType,
      'correlation-id': caller.correlationId,
      ...(traceparent !== undefined && { traceparent }),
    },
  )
  const sessionId = lookUp ? await currentSession(bus, caller, alertId) : null
  return {
    index,
    status: duplicate ? 'duplicate' : 'accepted',
    alertId,
    ...(sessionId !== null && { sessionId }),
  }
}

/** The session of the episode under way, if the alert stream knows one: a courtesy, so a failure is not told. */
const currentSession = async (
  bus: Dependencies['bus'],
  { org }: RequestContext,
  alertId: AlertId,
): Promise<SessionId | null> => {
  try {
    const state = await bus.alert(org, alertId)
    return state.status !== 'absent' && state.sessionOpen ? state.sessionId : null
  } catch {
    return null
  }
}

const refuseWhenNoneIsValid = (entries: readonly NormalisedEntry[]): void => {
  if (entries.length === 0 || entries.some(({ kind }) => kind === 'alert')) return
  const errors = entries.flatMap((entry, index) =>
    entry.kind === 'invalid'
      ? entry.issues.map(fieldOf).map(({ path, message }) => ({
          path: entries.length === 1 ? path : `${index}.${path}`,
          message,
        }))
      : [],
  )
  throw new RequestRefused(
    'invalid_alert',
    errors
      .map(({ path, message }) => `${path}: ${message}`)
      .slice(0, 5)
      .join('; '),
    {
      errors: errors.slice(0, 50),
    },
  )
}
