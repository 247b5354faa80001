// What the nth command of one session costs this process: neither the decision nor the fold is to know how long it has become.
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId } from '../commands/new-id.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import type { SessionCommand } from '../schemas/commands.ts'
import { correlationId, type OrgId, orgId } from '../schemas/ids.ts'
import {
  agent,
  begin,
  execution,
  plan,
  record,
  reply,
  session,
  started,
  tools,
  valid,
} from '../tests/support/session-samples.ts'
import { type Figure, median, ms } from './measure.ts'

/** An agent takes 200 turns at most, and 64 calls in each. */
const callsOfTurn = 60
const commandsOfTurn = 1 + 2 * callsOfTurn
const marks = [100, 1_000, 10_000] as const

export const benchNthCommand = async (connection: NatsConnection): Promise<readonly Figure[]> => {
  const bus = createCommandBus(await createJetStreamEventLog(connection))

  /** @returns by turn, the milliseconds of processor time that one of its commands took. */
  const run = async (org: OrgId, turns: number): Promise<readonly number[]> => {
    const send = async (command: SessionCommand): Promise<void> => {
      const { kind } = await bus.send({
        ...command,
        metadata: {
          org,
          commandId: newCommandId(),
          actor: { kind: 'handler', id: 'bench' },
          at: new Date().toISOString(),
          correlationId: correlationId.parse('bench'),
          causationId: 'bench',
        },
      })
      if (kind !== 'accepted') throw new Error(`${command.type} was ${kind}`)
    }
    for (const command of opening) await send(command)
    const took: number[] = []
    for (let turn = 1; turn <= turns; turn++) {
      const before = process.cpuUsage()
      for (const command of commandsOf(turn)) await send(command)
      const { user, system } = process.cpuUsage(before)
      took.push((user + system) / 1000 / commandsOfTurn)
    }
    return took
  }

  await run(orgId.parse('warm'), 20)
  const took = await run(orgId.parse('bench'), Math.ceil((marks.at(-1) ?? 0) / commandsOfTurn))
  const costs = marks.map((nth) => {
    const turn = Math.floor(nth / commandsOfTurn)
    return { nth, cost: median(took.slice(Math.max(0, turn - 2), turn + 3)) }
  })
  const first = costs[0]?.cost ?? Number.NaN
  return costs.map(({ nth, cost }, index) => ({
    what: `processor time of command ${nth.toLocaleString('en')} of one session`,
    value: ms(cost),
    ...(index > 0 && { beside: ms(first), ratio: (cost / first).toFixed(2), goal: '≤ 1.5' }),
  }))
}

const opening: readonly SessionCommand[] = [
  { type: 'StartSession', data: started.type === 'session.started' ? started.data : (undefined as never) },
  { type: 'AdoptPlan', data: { sessionId: session, plan: plan(agent({ maxIterations: 200 })) } },
  { type: 'OfferTools', data: { sessionId: session, executionId: execution(1), tools: [...tools], unavailable: [] } },
]

const commandsOf = (turn: number): readonly SessionCommand[] => [
  reply(
    turn,
    `Turn ${turn}.`,
    Array.from({ length: callsOfTurn }, () => valid('host__disk')),
  ),
  ...Array.from({ length: callsOfTurn }, (_, index) => [begin(turn, index + 1), record(turn, index + 1)]).flat(),
]
