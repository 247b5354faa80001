// Rebuilds and verifications under way, as the CLI shows them: a bar on a terminal, else a line a second.
import { z } from 'zod'
import type { Cli } from './cli.ts'
import { ApiProblem, ServerUnreachable } from './cli-errors.ts'
import { followStream } from './follow-stream.ts'

const failure = z.looseObject({ sequence: z.int(), message: z.string() })
const build = z.looseObject({
  kind: z.enum(['rebuild', 'verify', 'as_of']),
  generation: z.int(),
  state: z.enum(['queued', 'running', 'paused']),
  position: z.int(),
  head: z.int(),
  eventRate: z.number(),
  eta: z.number().nullable(),
  failure: failure.nullable(),
})
type Build = z.infer<typeof build>
export const verification = z.looseObject({
  generation: z.int(),
  ok: z.boolean(),
  position: z.int(),
  rows: z.int(),
  differences: z.int(),
  first: z.array(
    z.looseObject({
      table: z.string(),
      kind: z.string(),
      key: z.record(z.string(), z.unknown()),
      columns: z.array(z.string()),
    }),
  ),
})
const followed = z.looseObject({
  name: z.string(),
  generation: z.int(),
  builds: z.array(build),
  asOf: z
    .array(z.looseObject({ generation: z.int(), sequence: z.int(), state: z.string(), until: z.string() }))
    .default([]),
  old: z.array(z.int()),
  verification: verification.nullable(),
})
type Followed = z.infer<typeof followed>

const barWidth = 30
const lineMs = 1_000

/** `wanted`: the generation of each name. @throws ApiProblem when one stops, or is cancelled. */
export const followBuilds = async (
  { api, write, terminal }: Cli,
  wanted: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Followed>> => {
  const client = api()
  const done = new Map<string, Followed>()
  let [shown, shownAt] = [0, Number.NEGATIVE_INFINITY]
  const latest = new Map<string, string>()

  const show = (last: boolean): void => {
    if (!last && !terminal && performance.now() - shownAt < lineMs) return
    shownAt = performance.now()
    const lines = [...latest.values()]
    if (terminal) write(`${shown > 0 ? `\u001b[${shown}A` : ''}${lines.map((line) => `\r\u001b[K${line}\n`).join('')}`)
    else if (!last) write(lines.map((line) => `${line}\n`).join(''))
    shown = lines.length
  }

  for await (const { event, data } of followStream(client, '/v1/projections/stream')) {
    if (event !== 'projection') continue
    const one = followed.parse(data)
    const { name } = one
    const generation = wanted.get(name)
    if (generation === undefined || done.has(name)) continue
    const building = one.builds.find((each) => each.generation === generation)
    if (building !== undefined) {
      if (building.failure !== null) throw stopped(name, building, building.failure)
      latest.set(name, progressLine(name, building, terminal))
    } else if (isThere(one, generation)) {
      latest.delete(name)
      done.set(name, one)
    } else throw new ApiProblem(409, 'cancelled', [`What was being filled of ${name} was cancelled.`])
    show(done.size === wanted.size)
    if (done.size === wanted.size) return done
  }
  throw new ServerUnreachable(client.baseUrl)
}

const isThere = ({ generation, old, verification, asOf }: Followed, wanted: number): boolean =>
  [generation, ...old, verification?.generation].includes(wanted) ||
  asOf.some((each) => each.generation === wanted && each.state === 'ready')

const stopped = (name: string, { kind }: Build, { sequence, message }: z.infer<typeof failure>): ApiProblem =>
  new ApiProblem(409, 'projection_paused', [
    `The ${kind === 'as_of' ? 'filling' : kind} of ${name} stopped at ${sequence}: ${message}`,
    `Mend the cause, then: casebook projections resume ${name}. Or give it up: casebook projections cancel ${name}`,
  ])

const progressLine = (name: string, { state, position, head, eventRate, eta }: Build, terminal: boolean): string => {
  const share = head === 0 ? 1 : Math.min(1, position / head)
  const bar = terminal ? `${'█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')} ` : ''
  const pace = state === 'running' ? `, ${eventRate} events/s${eta === null ? '' : `, ${eta} s left`}` : `, ${state}`
  return `${name} ${bar}${Math.floor(share * 100)} % (${position} of ${head})${pace}`
}
