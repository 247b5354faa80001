// Server-sent events as the CLI reads them: taken up again where they broke off, and given up when nobody answers for long.
import { setTimeout as delay } from 'node:timers/promises'
import { createEventSource } from 'eventsource-client'
import type { CasebookError } from '../../schemas/casebook-error.ts'
import { type ApiClient, problemOf } from './api-client.ts'
import { ServerUnreachable } from './cli-errors.ts'

export interface StreamMessage {
  readonly event: string
  readonly id: string | undefined
  readonly data: unknown
}

export interface FollowOptions {
  /** Told once for each time the connection is lost. */
  readonly onLost?: () => void
  /** How long nobody may answer, once somebody has; 60 s. */
  readonly patienceMs?: number
}

/** Goes on until the caller stops. @throws ApiProblem for a refusal, ServerUnreachable. */
export async function* followStream(
  api: ApiClient,
  path: string,
  { onLost = () => undefined, patienceMs = 60_000 }: FollowOptions = {},
): AsyncGenerator<StreamMessage> {
  let failure: CasebookError | null = null
  let answered = false
  let lostAt: number | null = null

  const giveUp = (error: CasebookError): never => {
    failure = error
    source.close()
    throw error
  }
  const source = createEventSource({
    url: new URL(path, api.baseUrl).toString(),
    headers: { ...api.headers },
    fetch: async (url, init) => {
      // The library starts before it has returned: nothing may be closed in the same breath.
      await delay(0)
      const response = await fetch(url, init).catch((cause: unknown) => {
        if (init?.signal?.aborted === true) throw cause
        if (!answered || (lostAt !== null && performance.now() - lostAt > patienceMs)) {
          giveUp(new ServerUnreachable(api.baseUrl, { cause }))
        }
        throw cause
      })
      if (response.status === 503 && answered) throw new Error('not ready')
      if (!response.ok) giveUp(await problemOf(response))
      answered = true
      lostAt = null
      return response
    },
    onScheduleReconnect: () => {
      if (lostAt !== null) return
      lostAt = performance.now()
      onLost()
    },
  })
  try {
    for await (const { event, id, data } of source) yield { event: event ?? 'message', id, data: JSON.parse(data) }
    if (failure !== null) throw failure
  } finally {
    source.close()
  }
}
