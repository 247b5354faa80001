// Parked messages and what was decided of them, in a stream of their own: it takes what the log itself may have refused.
import { createHash } from 'node:crypto'
import { JetStreamApiError, jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { maskText } from '../../domain/masking/mask.ts'
import {
  type DeadLetterFilter,
  DeadLetterNotFound,
  DeadLetterSettled,
  type DeadLetters,
} from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import {
  type DeadLetterDecision,
  type DeadLetterView,
  deadLetter,
  deadLetterDecision,
  type ParkedMessage,
  parkedMessage,
} from '../../schemas/dead-letter.ts'
import { createJetStreamBlobStore } from './jetstream-blob-store.ts'
import { deadStream } from './streams.ts'
import { deadSubject, decidedSubject, everyDead } from './subjects.ts'

/** It is shown by the API, and nobody masked it on its way in. */
const masked = (text: string): string => maskText(text, { groups: ['secrets', 'kubernetes'] }).text

/** The same message parked again, by whatever process, is the same letter. */
const letterId = ({ consumer, stream, subject, sequence, messageId, entry, retryOf }: ParkedMessage): string => {
  const origin = [consumer, stream, subject, sequence ?? Date.now(), messageId, entry, retryOf]
  return `dlt_${createHash('sha256').update(JSON.stringify(origin)).digest('hex').slice(0, 26)}`
}

/** Of a letter from before letters had ids. */
const positionOfId = (id: string): number | null => Number(/^seq_([1-9]\d{0,15})$/.exec(id)?.[1] ?? 0) || null

const wrongLastSequence = 10071

/** Letters looked at for one page at most, and at once. */
const [mostLookedAt, atOnce] = [5_000, 32]

export const createDeadLetters = async (
  connection: NatsConnection,
  log?: Log,
  replicas?: number,
): Promise<DeadLetters> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const blobs = await createJetStreamBlobStore(connection, replicas)
  const storeText = createStoreText(blobs)

  /** @returns false when something is on the subject already. */
  const publishOnce = async (subject: string, body: object, code?: string): Promise<boolean> => {
    const header = headers()
    if (code !== undefined) header.set('Casebook-Error', code)
    try {
      await client.publish(subject, JSON.stringify(body), { headers: header, expect: { lastSubjectSequence: 0 } })
      return true
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return false
      throw error
    }
  }

  const lastOn = (subject: string): Promise<StoredMsg | null> =>
    manager.streams.getMessage(deadStream, { last_by_subj: subject })

  const decisionOf = async (consumer: string, id: string): Promise<DeadLetterDecision | null> => {
    const message = await lastOn(decidedSubject(consumer, id))
    return message === null ? null : deadLetterDecision.parse(message.json())
  }

  const viewOf = async (message: StoredMsg | null): Promise<DeadLetterView | null> => {
    if (message === null || !message.subject.startsWith(everyDead.slice(0, -1))) return null
    const parsed = deadLetter.safeParse(message.json())
    if (!parsed.success) return null
    const { id = `seq_${message.seq}`, ...letter } = parsed.data
    const decision = await decisionOf(letter.consumer, id)
    return { id, ...letter, status: decision?.what ?? 'open', decision, position: message.seq }
  }

  const found = async (id: string): Promise<DeadLetterView> => {
    const position = positionOfId(id)
    const message =
      position !== null
        ? await manager.streams.getMessage(deadStream, { seq: position })
        : /^dlt_[0-9a-f]{26}$/.test(id)
          ? await lastOn(deadSubject('*', id))
          : null
    const view = await viewOf(message)
    if (view === null) throw new DeadLetterNotFound(id)
    return view
  }

  const decide = async (id: string, decision: DeadLetterDecision): Promise<DeadLetterView> => {
    const letter = await found(id)
    const first =
      letter.decision === null && (await publishOnce(decidedSubject(letter.consumer, id), decision)) ? decision : null
    const standing = first ?? letter.decision ?? (await found(id)).decision
    if (standing === null) throw new LogUnavailable('deciding on a dead letter')
    if (standing.what !== decision.what) throw new DeadLetterSettled(id, standing.what, standing.at)
    if (first !== null) {
      const { consumer, subject } = letter
      log?.info({ letter: id, consumer, subject, by: first.by.id }, `A dead letter was ${first.what}.`)
    }
    return { ...letter, status: standing.what, decision: standing }
  }

  let counted: { readonly at: number; readonly open: number } | null = null

  return {
    park: (given) =>
      reachable('parking a message', async () => {
        const letter = parkedMessage.parse(given)
        const id = letterId(letter)
        const safe = masked(letter.payload)
        const { text, blob } = await storeText(safe)
        const body = {
          ...letter,
          id,
          headers: Object.fromEntries(Object.entries(letter.headers).map(([name, value]) => [name, masked(value)])),
          error: { ...letter.error, message: masked(letter.error.message) },
          payload: text,
          ...(blob !== undefined && { payloadBlob: blob }),
          ...(safe !== letter.payload && { masked: true }),
          parkedAt: new Date().toISOString(),
        }
        const { consumer, subject, sequence, error } = letter
        if (await publishOnce(deadSubject(consumer, id), body, error.code)) {
          const text = `A message was parked (${error.code}). See "casebook dead-letters show ${id}".`
          log?.warn({ letter: id, consumer, subject, sequence, code: error.code }, text)
        }
      }),

    count: () =>
      reachable('counting dead letters', async () => {
        const { last_seq: at, messages } = (await manager.streams.info(deadStream)).state
        if (messages === 0) return 0
        if (counted?.at === at) return counted.open
        const { state } = await manager.streams.info(deadStream, { subjects_filter: '>' })
        const letters = new Map(Object.entries(state.subjects ?? {}))
        const dead = [...letters].filter(([subject]) => subject.startsWith(everyDead.slice(0, -1)))
        const open = dead.reduce((sum, [, each]) => sum + each, 0) - (letters.size - dead.length)
        counted = { at, open: Math.max(0, open) }
        return counted.open
      }),

    list: (limit, filter = {}) =>
      reachable('listing dead letters', async () => {
        const { first_seq: first, last_seq: last } = (await manager.streams.info(deadStream)).state
        const letters: DeadLetterView[] = []
        let from = Math.min(last, (filter.below ?? Number.POSITIVE_INFINITY) - 1)
        const end = Math.max(1, first, from - mostLookedAt)
        for (; from >= end && letters.length < limit; from -= atOnce) {
          const positions = Array.from({ length: Math.min(atOnce, from - end + 1) }, (_, nth) => from - nth)
          const views = await Promise.all(
            positions.map(async (seq) => viewOf(await manager.streams.getMessage(deadStream, { seq }))),
          )
          letters.push(...views.filter((view): view is DeadLetterView => view !== null && fits(view, filter)))
        }
        return letters.slice(0, limit)
      }),

    find: (id) =>
      reachable('reading a dead letter', async () => {
        const letter = await found(id).catch((error: unknown) => {
          if (error instanceof DeadLetterNotFound) return null
          throw error
        })
        if (letter?.payloadBlob === undefined) return letter
        const whole = await blobs.get(letter.payloadBlob.sha256)
        return whole === null ? letter : { ...letter, payload: new TextDecoder().decode(whole) }
      }),

    retry: (id, by) =>
      reachable('retrying a dead letter', () => decide(id, { what: 'retried', by, at: new Date().toISOString() })),

    drop: (id, by, reason) =>
      reachable('dropping a dead letter', () =>
        decide(id, { what: 'dropped', by, at: new Date().toISOString(), reason: masked(reason) }),
      ),
  }
}

const fits = (letter: DeadLetterView, { status = 'open', consumer, code }: DeadLetterFilter): boolean =>
  (status === 'all' || letter.status === status) &&
  (consumer === undefined || letter.consumer === consumer) &&
  (code === undefined || letter.error.code === code)

const reachable = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DeadLetterNotFound || error instanceof DeadLetterSettled) throw error
    throw error instanceof LogUnavailable ? error : new LogUnavailable(doing, { cause: error })
  }
}
