// The servers a configuration names, asked once before anything stands on them: a wrong address is refused with its variable.
import { setTimeout as delay } from 'node:timers/promises'
import { AuthorizationError, connect, NoRespondersError } from '@nats-io/transport-node'
import { Client, DatabaseError } from 'pg'
import type { Log } from '../handlers/ports/log.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import { natsAddress } from './jetstream/nats-address.ts'

type Variable = 'NATS_URL' | 'DATABASE_URL'

export class ConfiguredServerUnusable extends CasebookError {
  readonly code = 'configured_server_unusable'
  readonly retryable = false

  constructor(variable: Variable, url: string, reason: string, mend: string) {
    super(
      `${variable} names ${new URL(url).host}, but ${reason}. ${mend}, or unset ${variable} for a server of its own.`,
    )
  }
}

export interface ConfiguredServers {
  readonly natsUrl: string | undefined
  readonly databaseUrl: string | undefined
  readonly log: Log
  /** Servers are often started together with Casebook, so one that is not there yet gets this long. */
  readonly patienceMs?: number
}

/** @throws ConfiguredServerUnusable */
export const awaitConfiguredServers = async (options: ConfiguredServers): Promise<void> => {
  const { natsUrl, databaseUrl } = options
  await Promise.all([
    natsUrl === undefined ? null : contacted('NATS_URL', natsUrl, askNats, options),
    databaseUrl === undefined ? null : contacted('DATABASE_URL', databaseUrl, askPostgres, options),
  ])
}

/** Null when all is well; a refusal is final, silence may end. */
type Answer = null | { readonly kind: 'refused' | 'silent'; readonly reason: string; readonly mend: string }

const contacted = async (
  variable: Variable,
  url: string,
  ask: (url: string) => Promise<Answer>,
  { log, patienceMs = 20_000 }: ConfiguredServers,
): Promise<void> => {
  const deadline = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(url)
    if (answer === null) return
    if (answer.kind === 'refused' || performance.now() > deadline) {
      throw new ConfiguredServerUnusable(variable, url, answer.reason, answer.mend)
    }
    if (attempt === 1) log.warn({}, `No server answers at ${new URL(url).host} (${variable}) yet; waiting for it.`)
    await delay(500)
  }
}

const silent = (error: unknown): Answer => ({
  kind: 'silent',
  reason: `no server answers there (${reasonOf(error)})`,
  mend: 'Start it, mend the address',
})

const askNats = async (url: string): Promise<Answer> => {
  try {
    const connection = await connect({ ...natsAddress(url), timeout: 3_000, reconnect: false })
    try {
      const answer = (await connection.request('$JS.API.INFO', '', { timeout: 3_000 })).json<unknown>()
      const error = jetStreamError(answer)
      return error === null ? null : withoutJetStream(error)
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (error instanceof AuthorizationError) {
      return { kind: 'refused', reason: 'that server refuses the credentials', mend: 'Mend them' }
    }
    if (causes(error).some((each) => each instanceof NoRespondersError)) return withoutJetStream('it is not enabled')
    return silent(error)
  }
}

const withoutJetStream = (reason: string): Answer => ({
  kind: 'refused',
  reason: `JetStream cannot be used there (${reason})`,
  mend: 'Start that server with JetStream (nats-server -js -sd <folder>)',
})

const jetStreamError = (answer: unknown): string | null => {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return null
  return JSON.stringify(answer.error)
}

const askPostgres = async (url: string): Promise<Answer> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    // 28: authorization; 3D: no such database. The others are a server that starts, stops or is full.
    if (error instanceof DatabaseError && /^(?:28|3D)/.test(error.code ?? '')) {
      return {
        kind: 'refused',
        reason: `that server says: ${error.message}`,
        mend: 'Mend the name, password or database',
      }
    }
    return silent(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const causes = (error: unknown): readonly unknown[] =>
  error instanceof Error && error.cause !== undefined ? [error, ...causes(error.cause)] : [error]

/** The innermost reason; one of several addresses says it as well as all of them. */
const reasonOf = (error: unknown): string => {
  const last = causes(error).at(-1)
  if (last instanceof AggregateError && last.errors[0] instanceof Error) return last.errors[0].message
  return last instanceof Error ? last.message : String(last)
}
