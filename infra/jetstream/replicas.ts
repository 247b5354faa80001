// On how many servers of a cluster each stream is kept: as told, as it is, or as the cluster's size suggests.
import { setTimeout as delay } from 'node:timers/promises'
import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { eventsStream } from './streams.ts'

export class ReplicasImpossible extends CasebookError {
  readonly code = 'replicas_impossible'
  readonly retryable = false

  constructor(stream: string, replicas: number, reason: string) {
    super(
      `${stream} cannot be kept on ${replicas} servers: ${reason}. Have as many nats-servers with JetStream in the cluster, or set CASEBOOK_REPLICAS lower.`,
    )
  }
}

const notFound = 404

/** For streams that are to be made. `told` wins; then what the log has; then 3 on a cluster of at least three. */
export const replicasFor = async (connection: NatsConnection, told: number | undefined): Promise<number> => {
  if (told !== undefined) return told
  const manager = await jetstreamManager(connection)
  try {
    return (await manager.streams.info(eventsStream)).config.num_replicas
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== notFound) throw error
  }
  const { cluster, connect_urls: servers = [] } = connection.info ?? {}
  return cluster !== undefined && servers.length >= 3 ? 3 : 1
}

/**
 * Moves every stream and bucket of Casebook to `replicas`, also those made before it was told; the servers copy what is
 * there while it is in use. A stream whose new replicas lag stands still when a server is lost, so they are waited for, but
 * not for as long as a large one may take. @throws ReplicasImpossible.
 */
export const ensureReplicas = async (connection: NatsConnection, replicas: number): Promise<void> => {
  const manager = await jetstreamManager(connection)
  const moved: string[] = []
  for await (const { config } of manager.streams.list()) {
    if (!/^(?:CASEBOOK_|KV_casebook_|OBJ_casebook_)/.test(config.name) || config.num_replicas === replicas) continue
    try {
      await manager.streams.update(config.name, { num_replicas: replicas })
      moved.push(config.name)
    } catch (error) {
      if (error instanceof JetStreamApiError) throw new ReplicasImpossible(config.name, replicas, error.message)
      throw error
    }
  }
  const deadline = performance.now() + movedWithinMs
  for (const name of moved) {
    while (performance.now() < deadline && !(await isWhole(manager, name, replicas))) await delay(100)
  }
}

const movedWithinMs = 10_000

const isWhole = async (manager: JetStreamManager, stream: string, replicas: number): Promise<boolean> => {
  const { cluster } = await manager.streams.info(stream)
  const others = cluster?.replicas ?? []
  return others.length === replicas - 1 && others.every(({ current }) => current)
}
