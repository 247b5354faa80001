// How far each durable consumer has come, asked of the server: the same from whichever process.
import { type ConsumerInfo, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { ConsumerStanding } from '../../schemas/consumer-standing.ts'
import { advisoriesStream, deadStream, eventsStream, intakeStream } from './streams.ts'

const streams = [eventsStream, intakeStream, deadStream, advisoriesStream]

/** @throws LogUnavailable. */
export const createConsumerStandings =
  (connection: NatsConnection) => async (): Promise<readonly ConsumerStanding[]> => {
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false })
      const found = await Promise.all(streams.map((stream) => standingsIn(connection, manager, stream)))
      return found.flat()
    } catch (error) {
      throw new LogUnavailable('asking how far the handlers are', { cause: error })
    }
  }

const standingsIn = async (
  connection: NatsConnection,
  manager: JetStreamManager,
  stream: string,
): Promise<readonly ConsumerStanding[]> => {
  const { state } = await manager.streams.info(stream)
  const infos: ConsumerInfo[] = []
  for await (const info of manager.consumers.list(stream)) infos.push(info)
  // Those without a name of their own belong to a reader that is there for a moment.
  const durable = infos.filter(({ config }) => config.durable_name !== undefined)
  const standings = durable
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async ({ name, config, ack_floor, num_pending, num_ack_pending, num_redelivered }) => ({
      consumer: name,
      stream,
      pending: num_pending,
      inFlight: num_ack_pending,
      redelivered: num_redelivered,
      settledUpTo: ack_floor.stream_seq,
      head: state.last_seq,
      oldest:
        num_pending + num_ack_pending === 0
          ? null
          : await writtenAt(connection, stream, ack_floor.stream_seq + 1, config.filter_subject ?? '>'),
    }))
  return Promise.all(standings)
}

const found = z.object({ message: z.object({ time: z.string() }) })

/** Of the first message from here on; null when it has been settled meanwhile. The library asks for no next one. */
const writtenAt = async (
  connection: NatsConnection,
  stream: string,
  seq: number,
  next_by_subj: string,
): Promise<string | null> => {
  const query = JSON.stringify({ seq, next_by_subj })
  // As long as the library waits for every other answer of JetStream; by itself it gives a request one second.
  const answer = await connection.request(`$JS.API.STREAM.MSG.GET.${stream}`, query, { timeout: 5_000 })
  const parsed = found.safeParse(answer.json())
  return parsed.success ? new Date(parsed.data.message.time).toISOString() : null
}
