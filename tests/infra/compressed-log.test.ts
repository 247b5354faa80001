// nats-server 2.9 drops what a newer one has compressed: it is not started there.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refuseToDropCompressed } from '../../infra/embedded/compressed-log.ts'
import { temporaryFolder } from '../support/servers.ts'

const serverOf = (folder: string, version: string): string => {
  const file = join(folder, `nats-server-${version}`)
  writeFileSync(file, `#!/bin/sh\necho 'nats-server: v${version}'\n`)
  chmodSync(file, 0o755)
  return file
}

const storeWith = (folder: string, configuration: object): string => {
  const stream = join(folder, 'jetstream', '$G', 'streams', 'CASEBOOK_EVENTS')
  mkdirSync(stream, { recursive: true })
  writeFileSync(join(stream, 'meta.inf'), JSON.stringify({ name: 'CASEBOOK_EVENTS', ...configuration }))
  return join(folder, 'jetstream')
}

const refusal = (store: string, binary: string): Promise<unknown> =>
  refuseToDropCompressed(store, binary, undefined).then(
    () => null,
    ({ code }) => code,
  )

test('a compressed log is started with servers that can read it alone', async () => {
  const folder = temporaryFolder()
  const store = storeWith(folder, { compression: 's2' })
  assert.is(await refusal(store, serverOf(folder, '2.9.10')), 'nats_server_too_old')
  assert.is(await refusal(store, serverOf(folder, '2.10.27')), null)
  assert.is(await refusal(store, serverOf(folder, '2.15.1-beta')), null)
})

test('any other is started with all', async () => {
  const folder = temporaryFolder()
  assert.is(await refusal(join(folder, 'none'), serverOf(folder, '2.9.10')), null)
  assert.is(await refusal(storeWith(folder, {}), serverOf(folder, '2.9.10')), null)
})

test.run()
