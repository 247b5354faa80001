// What a user asks a running Casebook for, in the words of its HTTP interface.
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import { eventually } from './eventually.ts'

type SessionView = z.infer<typeof sessionView>

/** Starts a session and answers with its id. */
export const startSession = async (url: string, title: string): Promise<string> => {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ title, input: title }),
  })
  assert.is(response.status, 201, await response.clone().text())
  return z.object({ id: z.string() }).parse(await response.json()).id
}

/** The session once it has ended. */
export const endOf = (url: string, id: string): Promise<SessionView> =>
  eventually(
    async () => {
      const response = await fetch(`${url}/v1/sessions/${id}`)
      if (!response.ok) return false
      const view = sessionView.parse(await response.json())
      return view.endedAt === null ? false : view
    },
    { withinMs: 120_000, everyMs: 50, describe: `session ${id} ends` },
  )

export const statusOf = async (url: string, token?: string): Promise<number> => {
  const response = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
  await response.body?.cancel()
  return response.status
}

const readModels = z.object({ items: z.array(z.object({ lag: z.int() })) })

/** Every read model has seen all of the log: whoever asks for one as of its end need not wait, nor is told that it is behind. */
export const nothingBehind = (url: string): Promise<unknown> =>
  eventually(
    async () =>
      readModels.parse(await (await fetch(`${url}/v1/projections`)).json()).items.every(({ lag }) => lag === 0),
    { withinMs: 300_000, everyMs: 200, describe: 'no read model is behind' },
  )
