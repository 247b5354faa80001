// Overrides in the real process: an alert's own tools hold whatever the model reaches for, and a name that leads nowhere is told.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { callsTool, dataOf, hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'

const world = await startBadDays((url) => ({
  defaults: {
    tool_policy: { rules: [{ server: 'hostile', tool: 'slow_read', action: 'deny' }], otherwise: { unsafe: 'allow' } },
  },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] } },
  chains: { working: { match_labels: { team: 'mine' }, stages: [{ name: 'working', agent: 'worker' }] } },
}))
test.before(async () => {
  await world.start()
})
test.after(async () => {
  await world.close()
})

const sessions = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) })
const sessionCalled = (title: string): Promise<string> =>
  eventually(
    async () => (await world.get('/v1/sessions?limit=200', sessions)).items.find((each) => each.title === title)?.id,
    {
      withinMs: 60_000,
      everyMs: 50,
      describe: `a session for ${title}`,
    },
  ).then((id) => id ?? '')

const ofRule = (title: string, annotations: object) =>
  world.post('/v1/webhooks/alertmanager', {
    version: '4',
    groupKey: 'g',
    alerts: [
      { status: 'firing', labels: { alertname: title, team: 'mine' }, annotations: { summary: title, ...annotations } },
    ],
  })

test('an agent is offered the tools of the alert alone, and what the policy denies stays denied', async () => {
  world.script({
    title: 'narrowed',
    script: ({ number, results }) =>
      number === 1
        ? { toolCalls: ['slow_set', 'slow_read'].map((tool) => ({ name: `hostile__${tool}`, arguments: '{}' })) }
        : says(results.join(' / ')),
  })
  const tools = 'hostile__slow_read'
  assert.is((await ofRule('narrowed', { casebook_tools: tools, casebook_priority: 'low' })).status, 202)
  const history = await world.ended(await sessionCalled('narrowed'))
  assert.is(history.session.status, 'completed', storyOf(history))
  const [offered] = z
    .array(z.object({ tools: z.array(z.object({ name: z.string() })) }))
    .parse(dataOf(history, 'tools_offered'))
  assert.equal(
    offered?.tools.map(({ name }) => name),
    [tools],
  )
  assert.equal(
    dataOf(history, 'tool_call_refused').map(({ name, code }) => [name, code]),
    [
      ['hostile__slow_set', 'unknown_tool'],
      [tools, dataOf(history, 'tool_call_refused')[1]?.['code']],
    ],
  )
  assert.is(dataOf(history, 'tool_call_requested').length, 0)
  assert.equal(history.session.overrides, [
    { field: 'tools', layer: 'session', value: [tools] },
    { field: 'priority', layer: 'session', value: 'low' },
  ])
})

test('an alert whose overrides name what is not there ends its session with the cause', async () => {
  world.script({ title: 'no such tool', script: () => callsTool('hostile__slow_read') })
  await ofRule('no such tool', { casebook_tools: 'hostile__slow_raed' })
  await ofRule('no such server', { casebook_mcp_servers: 'hostlie' })
  await ofRule('no such field', { casebook_tols: 'hostile__slow_read' })
  const causes = new Map<string, string>()
  for (const title of ['no such tool', 'no such server', 'no such field']) {
    const { session } = await world.ended(await sessionCalled(title))
    assert.is(session.status, 'failed')
    causes.set(title, `${session.cause?.code}: ${session.cause?.message}`)
  }
  assert.match(causes.get('no such tool') ?? '', /^override_tool_unknown: .*did you mean "hostile__slow_read"\?/)
  assert.match(causes.get('no such server') ?? '', /^overrides_invalid: .*did you mean "hostile"\?/)
  assert.match(causes.get('no such field') ?? '', /^overrides_invalid: .*did you mean "casebook_tools"\?/)
  assert.is(world.asked('no such tool'), 0, 'the model was never asked')
})

test('a request is refused at the door, by name', async () => {
  const response = await world.post('/v1/tasks', { title: 'x', overrides: { tools: ['hostlie__read'] } })
  assert.is(response.status, 400)
  assert.match(await response.text(), /did you mean \\"hostile\\"\?/)
})

test.run()
