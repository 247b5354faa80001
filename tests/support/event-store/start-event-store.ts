// A stand-in for EventStoreDB: the gRPC services its client was generated from, over streams in memory. Not the real product.
import serverFeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js'
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { freePort } from '../../../infra/embedded/free-port.ts'
import { appendAnswer, appendFailure, batchAnswer } from './append-answer.ts'
import { notFoundAnswer, readAnswer } from './read-answer.ts'
import { createStoredStreams, type Expected, type ProposedEvent, type Reading } from './stored-streams.ts'

export interface EventStoreOptions {
  /** Servers before 21.10 do not know batched appends; the client then uses the older call. */
  readonly batches?: boolean
}

type Proposed = Streams.AppendReq.ProposedMessage | Streams.BatchAppendReq.ProposedMessage

/** The streams outlive `down` and `up`, as a disk would; the port stays. */
export const startEventStore = async ({ batches = true }: EventStoreOptions = {}) => {
  const streams = createStoredStreams()
  /** What tests do to the traffic. */
  const traffic = { appends: 0, beforeAppend: async (): Promise<void> => undefined, dropAnswers: false }

  const append = async (stream: string, expected: Expected, events: readonly ProposedEvent[]) => {
    await traffic.beforeAppend()
    traffic.appends++
    return streams.append(stream, expected, events)
  }

  const read = (call: ServerWritableStream<Streams.ReadReq, Streams.ReadResp>): void => {
    const options = call.request.getOptions()
    const inStream = options?.getStream()
    const inAll = options?.getAll()
    const from =
      inStream?.hasEnd() || inAll?.hasEnd() ? 'end' : inStream?.hasRevision() ? BigInt(inStream.getRevision()) : 'start'
    const reading: Reading = { backwards: options?.getReadDirection() === 1, count: Number(options?.getCount()), from }
    const name = nameOf(inStream?.getStreamIdentifier())
    const found = inAll === undefined ? streams.read(name, reading) : streams.readAll(reading)
    if (found === null) call.write(notFoundAnswer(name))
    for (const event of found ?? []) call.write(readAnswer(event))
    call.end()
  }

  const appendOnce = (
    call: ServerReadableStream<Streams.AppendReq, Streams.AppendResp>,
    answer: sendUnaryData<Streams.AppendResp>,
  ): void => {
    let stream = ''
    let expected: Expected = 'any'
    const events: ProposedEvent[] = []
    call.on('data', (request: Streams.AppendReq) => {
      const options = request.getOptions()
      const message = request.getProposedMessage()
      if (options !== undefined) {
        stream = nameOf(options.getStreamIdentifier())
        expected = options.hasNoStream()
          ? 'no_stream'
          : options.hasStreamExists()
            ? 'stream_exists'
            : options.hasRevision()
              ? BigInt(options.getRevision())
              : 'any'
      }
      if (message !== undefined) events.push(proposedOf(message))
    })
    call.on('end', async () => {
      const outcome = await append(stream, expected, events)
      if (traffic.dropAnswers) return
      if (outcome.kind === 'deleted' || outcome.kind === 'too_large') answer(appendFailure(stream, outcome.kind))
      else answer(null, appendAnswer(outcome))
    })
  }

  const appendBatches = (call: ServerDuplexStream<Streams.BatchAppendReq, Streams.BatchAppendResp>): void => {
    const open = new Map<
      string,
      { readonly stream: string; readonly expected: Expected; readonly events: ProposedEvent[] }
    >()
    call.on('error', () => undefined)
    call.on('end', () => call.end())
    call.on('data', async (request: Streams.BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? ''
      const options = request.getOptions()
      if (options !== undefined) {
        const expected: Expected = options.hasNoStream()
          ? 'no_stream'
          : options.hasStreamExists()
            ? 'stream_exists'
            : options.hasStreamPosition()
              ? BigInt(options.getStreamPosition())
              : 'any'
        open.set(id, { stream: nameOf(options.getStreamIdentifier()), expected, events: [] })
      }
      const batch = open.get(id)
      batch?.events.push(...request.getProposedMessagesList().map(proposedOf))
      if (!request.getIsFinal() || batch === undefined) return
      open.delete(id)
      const outcome = await append(batch.stream, batch.expected, batch.events)
      if (!traffic.dropAnswers) call.write(batchAnswer(id, batch.stream, outcome))
    })
  }

  const listen = async (port: number): Promise<{ readonly server: Server; readonly port: number }> => {
    const server = new Server()
    server.addService(streamsGrpc.StreamsService, {
      read,
      append: appendOnce,
      delete: (
        call: ServerUnaryCall<Streams.DeleteReq, Streams.DeleteResp>,
        answer: sendUnaryData<Streams.DeleteResp>,
      ) => {
        streams.softDelete(nameOf(call.request.getOptions()?.getStreamIdentifier()))
        answer(null, new streamsPb.DeleteResp())
      },
      tombstone: (
        call: ServerUnaryCall<Streams.TombstoneReq, Streams.TombstoneResp>,
        answer: sendUnaryData<Streams.TombstoneResp>,
      ) => {
        streams.tombstone(nameOf(call.request.getOptions()?.getStreamIdentifier()))
        answer(null, new streamsPb.TombstoneResp())
      },
      ...(batches && { batchAppend: appendBatches }),
    })
    server.addService(serverFeaturesGrpc.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: sendUnaryData<serverFeaturesPb.SupportedMethods>) => {
        const names = ['read', 'append', ...(batches ? ['batchappend'] : [])]
        const methods = names.map((name) =>
          new serverFeaturesPb.SupportedMethod()
            .setServiceName('event_store.client.streams.Streams')
            .setMethodName(name),
        )
        answer(
          null,
          new serverFeaturesPb.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion('0.0.0'),
        )
      },
    })
    const bound = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
        error === null ? resolve(found) : reject(error),
      ),
    )
    return { server, port: bound }
  }

  // Nobody's connection takes it between `down` and `up`.
  let running = await listen(await freePort())
  const { port } = running
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    streams,
    traffic,
    /** Every connection is cut, and nobody listens. */
    down: (): void => running.server.forceShutdown(),
    up: async (): Promise<void> => {
      running = await listen(port)
    },
    stop: (): void => running.server.forceShutdown(),
  }
}

const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString()

const proposedOf = (message: Proposed): ProposedEvent => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
})
