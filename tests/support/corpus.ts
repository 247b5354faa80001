// What older builds stored, as files: an event type and version each, and a log of whole streams, verbatim.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { parseEventSubject } from '../../infra/jetstream/subjects.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { chainHash, cloudEventsOf, decodeCommit } from '../../schemas/commit-codec.ts'
import { logSequence } from '../../schemas/ids.ts'

const folder = join(import.meta.dirname, '..', 'corpus')
const samplesFolder = join(folder, 'events')

/** `UPDATE_GOLDEN=1` writes what is missing or has changed; the diff is the review. */
export const updating = process.env['UPDATE_GOLDEN'] === '1'

const storedSamples = z.object({
  samples: z.array(z.unknown()).min(1),
  /** What each is read as, where that is not what was stored: versions before the present one. */
  read: z.array(z.unknown()).optional(),
})
export type StoredSamples = z.infer<typeof storedSamples>

export const sampleFiles = (): readonly string[] =>
  globSync('*.json', { cwd: samplesFolder }).map((file) => basename(file, '.json'))

export const samplesOf = (stored: string): StoredSamples | null => {
  const file = join(samplesFolder, `${stored}.json`)
  return existsSync(file) ? storedSamples.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

export const writeSamples = (stored: string, samples: StoredSamples): void =>
  writeFileSync(join(samplesFolder, `${stored}.json`), `${JSON.stringify(samples, null, 1)}\n`)

const line = z.object({ subject: z.string(), payload: z.string() })

/** The log as a reader gives it; headers say nothing that the payloads do not. */
export const corpusLog = (): readonly LogEntry[] => {
  const hashes = new Map<string, string>()
  const lines = readFileSync(join(folder, 'log.jsonl'), 'utf8').trim().split('\n')
  return lines.map((text, index): LogEntry => {
    const { subject, payload } = line.parse(JSON.parse(text))
    const stream = parseEventSubject(subject)
    if (stream === null) throw new TypeError(`${subject} is no subject of the log`)
    const batch = cloudEventsOf(payload)
    const hash = chainHash(hashes.get(subject) ?? '', payload)
    hashes.set(subject, hash)
    const headers: Readonly<Record<string, string>> = {
      [commitHeaders.commandId]: (batch[0]?.id ?? '').replace(/\.\d+$/, ''),
      [commitHeaders.types]: batch.map(({ type }) => type.replace(/^casebook\.(.*)\.v\d+$/, '$1')).join(','),
      [commitHeaders.hash]: hash,
      [commitHeaders.bodyHash]: '',
    }
    const sequence = logSequence.parse(index + 1)
    return {
      sequence,
      subject,
      payload,
      headers,
      bytes: Buffer.byteLength(payload),
      commit: decodeCommit(stream, sequence, payload, (name) => headers[name] ?? ''),
    }
  })
}

const anything = z.record(z.string(), z.unknown())

/** What was recorded under the name; `UPDATE_GOLDEN=1` records what is now. */
export const recordedExpectation = (name: string, now: unknown): Readonly<Record<string, unknown>> => {
  const file = join(folder, `${name}.json`)
  if (updating) writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`)
  return anything.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** Where `actual` lacks or changes something of `expected`; what it has beyond that is no matter. */
export const lostFrom = (expected: unknown, actual: unknown, at = ''): readonly string[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [`${at}: another number of entries`]
    return expected.flatMap((each, index) => lostFrom(each, actual[index], `${at}[${index}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    const given = anything.safeParse(actual)
    if (!given.success) return [`${at}: ${JSON.stringify(actual)} instead of an object`]
    return Object.entries(expected).flatMap(([key, value]) => lostFrom(value, given.data[key], `${at}.${key}`))
  }
  return Object.is(expected, actual) ? [] : [`${at}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
}
