// Three nats-servers that keep every stream together: the log's contract, the leader killed under load, and a session through it.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { startSimulator } from '../../gateways/simulator/simulator.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { replicasFor } from '../../infra/jetstream/replicas.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { eventLogContract } from '../contracts/event-log-contract.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { draft, positionOf, start, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { natsServerForCluster, startNatsCluster } from '../support/nats-cluster.ts'
import { startPostgres, temporaryFolder } from '../support/servers.ts'

const server = await natsServerForCluster()
const test = suite(`a cluster of nats-server ${server.version}`)

if (!server.fit) {
  test(`is not run: it needs 2.10 or newer, and ${server.binary} is ${server.version}; set NATS_SERVER_BIN`, () => {
    console.log(
      `The cluster is not tested: it needs nats-server 2.10 or newer. Set NATS_SERVER_BIN; ${server.binary} is ${server.version}.`,
    )
  })
} else {
  const cluster = await startNatsCluster(server.binary)
  const replicas = await replicasFor(cluster.connection, undefined)
  await ensureStreams(cluster.connection, replicas)
  eventLogContract('JetStream, three servers', () => createJetStreamEventLog(cluster.connection))

  test('three servers keep a stream without being told', async () => {
    assert.is(replicas, 3)
    assert.is((await cluster.manager.streams.info(eventsStream)).config.num_replicas, 3)
  })

  test('the leader killed under sixteen writers: what was acknowledged is there, once, and the chains hold', async () => {
    const log = await createJetStreamEventLog(cluster.connection)
    let killed: Promise<'n1' | 'n2' | 'n3'> | null = null
    const written = await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const to = stream()
        const ids: string[] = []
        for (let at = start; ids.length < 40; ) {
          if (writer === 0 && ids.length === 10) killed = cluster.killLeader(eventsStream)
          const what = draft()
          // As a client does on 503: the same command again. What was stored unheard stands in its way then, and is found.
          const commit = await eventually(async () => {
            const outcome = await log.append(to, at, what)
            return outcome.kind === 'appended' ? outcome.commit : ((await log.read(to, at)).at(-1) ?? false)
          })
          assert.is(commit.commandId, what.commandId)
          at = positionOf(commit)
          ids.push(commit.commandId)
        }
        return { to, ids }
      }),
    )
    for (const { to, ids } of written) {
      const commits = await eventually(() => log.read(to, start), { withinMs: 60_000 })
      assert.equal(
        commits.map(({ commandId }) => commandId),
        ids,
      )
    }
    assert.ok(killed !== null)
    cluster.start(await (killed ?? 'n1'))
    await cluster.whole(eventsStream)
  })

  test('sessions go on while the leader is killed and comes back; the log and its copy are sound', async () => {
    const [postgres, model] = await Promise.all([startPostgres(), startSimulator({ latencyMs: 100 })])
    const casebook = await startCasebook({
      NATS_URL: cluster.url,
      DATABASE_URL: postgres.url,
      CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'not-a-real-key',
    })
    try {
      const { url } = casebook
      const open = (titles: readonly string[]) =>
        Promise.all(titles.map((title) => eventually(() => startSession(url, title), { withinMs: 60_000 })))
      const before = await open(['one', 'two', 'three', 'four'])
      const killed = await cluster.killLeader(eventsStream)
      const during = await open(['five', 'six'])
      for (const id of [...before, ...during]) assert.is((await endOf(url, id)).status, 'completed')
      cluster.start(killed)
      await cluster.whole(eventsStream)
      const { ok } = await eventually(async () => {
        const answer = await fetch(`${url}/v1/audit/verify`)
        return answer.ok && z.object({ ok: z.boolean() }).parse(await answer.json())
      })
      assert.ok(ok)
      const streams = await Array.fromAsync(cluster.manager.streams.list())
      assert.equal(
        streams.filter(({ config }) => config.num_replicas !== 3).map(({ config }) => config.name),
        [],
      )
    } finally {
      await casebook.stop()
      await model.close()
      await postgres.stop()
    }
  })

  test.after(cluster.stop)
}

test.run()
