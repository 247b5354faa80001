// The client of EventStoreDB: built from an address, and every failure of it told as one error.
import { readFileSync } from 'node:fs'
import { ErrorType, type EventStoreDBClient, isCommandError } from '@eventstore/db-client'
import { ArchiveUnavailable } from '../../handlers/ports/archive.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { EventStoreAddress } from '../../schemas/eventstore-url.ts'
import { SteadyClient } from './steady-client.ts'

/** @throws when the file of the certificate authority cannot be read. */
export const connectEventStore = (address: EventStoreAddress): EventStoreDBClient => {
  const { hosts, discover, tls, tlsCaFile, credentials, nodePreference } = address
  const [first = { address: '127.0.0.1', port: 2113 }] = hosts
  const name = { connectionName: `casebook-${process.pid}` }
  const preference = nodePreference === undefined ? {} : { nodePreference }
  const channel = {
    insecure: !tls,
    ...(tlsCaFile !== undefined && { rootCertificate: readFileSync(tlsCaFile) }),
  }
  if (discover) return new SteadyClient({ ...name, ...preference, discover: first }, channel, credentials).steadied()
  if (hosts.length > 1) {
    return new SteadyClient({ ...name, ...preference, endpoints: [...hosts] }, channel, credentials).steadied()
  }
  return new SteadyClient({ ...name, endpoint: first }, channel, credentials).steadied()
}

/** The client itself waits for ever for the answer to a batch append. */
const answerWithinMs = 20_000

/** @throws ArchiveUnavailable, and CasebookErrors of the work as they are. */
export const asked = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs / 1_000} s`)), answerWithinMs)
    timer.unref()
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw unavailable(doing, error)
  } finally {
    clearTimeout(timer)
  }
}

/** For what is read bit by bit, and so has no time of its own. */
export async function* streamed<T>(doing: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    throw unavailable(doing, error)
  }
}

const unavailable = (doing: string, error: unknown): CasebookError => {
  if (error instanceof CasebookError) return error
  return new ArchiveUnavailable(doing, reasonOf(error), { cause: error })
}

const reasonOf = (error: unknown): string => {
  if (isErrorOf(error, ErrorType.ACCESS_DENIED)) return 'access denied; give its user the rights that the docs name'
  if (isErrorOf(error, ErrorType.UNAVAILABLE)) return 'nobody listens there'
  return error instanceof Error ? error.message : String(error)
}

export const isErrorOf = (error: unknown, type: ErrorType): boolean =>
  error instanceof Error && isCommandError(error) && error.type === type
