// A tool server asks in the middle of a call, through the real process: answered on the command line, and killed while it waits.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { inputView } from '../../projections/inputs.ts'
import { callsTool, hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'

const test = suite('a tool server asks')
const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] } },
  chains: { asking: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
await world.start()
test.after(async () => {
  await world.close()
})

const page = z.object({ items: z.array(inputView) })
const inputsOf = (session: string, status: string, after = 0) =>
  world.get(`/v1/inputs?status=${status}&session=${session}&after=${after}`, page).then(({ items }) => items)
const waitsFor = (session: string) =>
  eventually(async () => (await inputsOf(session, 'open'))[0] ?? false, { withinMs: 60_000, describe: 'it waits' })
const open = (title: string, tool: string, path: string) =>
  world.open({
    title,
    chain: 'asking',
    script: ({ number, results }) =>
      number === 1 ? callsTool(`hostile__${tool}`, { path }) : says(`It said: ${results.join()}`),
  })
const casebook = async (...args: readonly string[]): Promise<string> => {
  const { output, exited } = startCommand(args, { CASEBOOK_URL: world.url('') })
  assert.is(await exited, 0, output())
  return output()
}
const calls = (path: string): number => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0)

test('killed while it waits: a call that may be repeated asks again and is answered; of another the outcome is unknown', async () => {
  const [readPath, changePath] = [join(world.folder, 'read.txt'), join(world.folder, 'change.txt')]
  const reading = await open('asks and reads', 'ask_and_read', readPath)
  const changing = await open('asks and changes', 'ask_and_change', changePath)
  const before = await waitsFor(reading)
  await waitsFor(changing)
  await world.kill()
  await world.start()

  const unknown = await world.ended(changing)
  assert.match(unknown.session.finalAnalysis?.text ?? '', /Outcome unknown/, storyOf(unknown))
  assert.is(calls(changePath), 1)

  const again = await eventually(
    async () => (await inputsOf(reading, 'open')).find(({ id }) => id !== before.id) ?? false,
    {
      withinMs: 60_000,
      describe: 'it asks again',
    },
  )
  assert.match(await casebook('inputs', 'show', again.id), /region \(text\)/)
  await casebook('inputs', 'answer', again.id, '--accept', '--field', 'region=eu')
  const history = await world.ended(reading)
  assert.is(history.session.finalAnalysis?.text, 'It said: accept: eu', storyOf(history))
  assert.is(calls(readPath), 2)
  for (const { session } of [history, unknown]) {
    assert.is((await inputsOf(session.id, 'withdrawn', session.sequence)).length, 1)
  }
})

test.run()
