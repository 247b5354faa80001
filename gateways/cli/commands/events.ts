// `casebook events`: the raw events, one CloudEvent a line.
import type { Command } from 'commander'
import { z } from 'zod'
import type { ApiClient } from '../api-client.ts'
import { type Cli, everyItem } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { followStream } from '../follow-stream.ts'
import type { Write } from '../output.ts'

const page = z.object({ items: z.array(z.looseObject({})), next: z.string().nullable() })
const projections = z.object({ items: z.array(z.looseObject({ head: z.int() })) })

const commit = z.object({
  sequence: z.int(),
  stream: z.object({ category: z.string(), id: z.string() }),
  actor: z.looseObject({ kind: z.string(), id: z.string() }),
  correlationId: z.string(),
  events: z.array(
    z.object({ id: z.string(), type: z.string(), time: z.string(), version: z.int(), data: z.unknown() }),
  ),
})

interface Options {
  readonly global?: boolean
  readonly follow?: boolean
  readonly after?: string
}

export const addEvents = (program: Command, { api, write }: Cli): void => {
  program
    .command('events [id]')
    .description('the raw events of a session, one CloudEvent a line')
    .option('--global', 'of everything, in log order')
    .option('--follow', 'go on with what happens; without an end')
    .option('--after <sequence>', 'only after this log sequence', '0')
    .option('--json', 'as it is anyway')
    .action(async (id: string | undefined, options: Options) => {
      if ((id === undefined) !== (options.global === true)) throw new WrongUsage('Give a session id, or --global.')
      const after = options.after ?? '0'
      if (!/^\d+$/.test(after)) throw new WrongUsage('--after takes a log sequence: a whole number.')
      const client = api()
      const path = id === undefined ? '/v1/stream' : `/v1/sessions/${encodeURIComponent(id)}/stream`
      if (options.follow === true) return writeStream(client, `${path}?after=${after}`, Number.POSITIVE_INFINITY, write)
      if (id === undefined)
        return writeStream(client, `${path}?after=${after}`, await headOf(client), write, Number(after))
      const list = `/v1/sessions/${encodeURIComponent(id)}/events?limit=200`
      for await (const event of everyItem((cursor) => client.get(`${list}${cursor}`, page))) {
        if (Number(event['logsequence'] ?? Number.POSITIVE_INFINITY) > Number(after))
          write(`${JSON.stringify(event)}\n`)
      }
    })
}

const headOf = async (api: ApiClient): Promise<number> =>
  Math.max(0, ...(await api.get('/v1/projections', projections)).items.map(({ head }) => head))

/** Up to a log sequence. What a stream does not tell (source org, causation) is left to the list of a session. */
const writeStream = async (api: ApiClient, path: string, until: number, write: Write, after = -1): Promise<void> => {
  if (after >= until) return
  for await (const { event, data } of followStream(api, path)) {
    if (event !== 'commit') continue
    const { sequence, stream, actor, correlationId, events } = commit.parse(data)
    if (sequence > until) return
    for (const { id, type, time, version, data: content } of events) {
      const cloudEvent = {
        specversion: '1.0',
        id,
        source: '/casebook',
        type,
        subject: `${stream.category}/${stream.id}`,
        time,
        datacontenttype: 'application/json',
        sequence: String(version).padStart(10, '0'),
        correlationid: correlationId,
        authtype: actor.kind,
        authid: actor.id,
        data: content,
        logsequence: sequence,
      }
      write(`${JSON.stringify(cloudEvent)}\n`)
    }
    if (sequence >= until) return
  }
}
