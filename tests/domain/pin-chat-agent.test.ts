// Who answers questions about a session, and with which tools: those the session had, unless it is given others.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSession } from '../../domain/plan/plan-session.ts'
import { isToolOffered } from '../../domain/plan/tool-offered.ts'
import { configuration, type PinnedAgent } from '../../schemas/agent-definition.ts'
import { session } from '../support/session-samples.ts'

const server = (instructions: string) => ({ transport: { type: 'stdio', command: 'x' }, instructions })

const chatOf = (agents: object, chain: object = {}, defaults: object = {}): PinnedAgent | undefined => {
  const configured = configuration.parse({
    defaults: { provider: 'main', chain: 'only', summary_agent: 'writer', ...defaults },
    agents: { writer: { controller: 'single_shot' }, worker: { mcp_servers: ['disk'] }, ...agents },
    chains: { only: { stages: [{ name: 'work', agent: 'worker' }], ...chain } },
    mcp_servers: { disk: server('Read only.'), net: server(''), kube: server('') },
    providers: { main: { base_url: 'http://127.0.0.1/v1', model: 'm' } },
  })
  const started = {
    sessionId: session,
    title: 't',
    input: { text: '' },
    origin: { kind: 'request' as const },
    labels: {},
  }
  const planned = planSession(started, configured, 'hash')
  if (planned.kind === 'problem') throw new Error(planned.problem.message)
  return planned.plan.chatAgent
}

test('the agent of the defaults answers, with the servers of those who worked', () => {
  const pinned = chatOf({ chat: { controller: 'chat', instructions: 'Answer.' } })
  assert.is(pinned?.name, 'chat')
  assert.equal(pinned?.mcpServers, ['disk'])
  assert.equal(pinned?.instructions.servers, [{ server: 'disk', text: 'Read only.' }])
})

test('a chain may name another, and servers that are named stand', () => {
  assert.is(chatOf({ chat: {}, talker: {} }, { chat_agent: 'talker' })?.name, 'talker')
  assert.equal(chatOf({ chat: { mcp_servers: ['net'] } })?.mcpServers, ['net'])
  assert.equal(chatOf({ chat: {} }, { mcp_servers: ['kube'] })?.mcpServers, ['kube'])
})

test('nobody is pinned where nobody of that name is configured', () => assert.is(chatOf({}), undefined))

test('it is offered no tool that none of the others was offered, nor one that any was denied', () => {
  const pinned = chatOf(
    {
      chat: { disallowed_tools: ['net__close'] },
      worker: { mcp_servers: ['disk'], tools: ['disk__usage'] },
      other: { mcp_servers: ['net'], disallowed_tools: ['net__open'] },
    },
    { stages: [{ name: 'work', agents: ['worker', 'other'] }] },
    { synthesis_agent: 'writer' },
  )
  if (pinned === undefined) throw new Error('nobody is pinned')
  const offered = ['disk__usage', 'disk__format', 'net__open', 'net__close', 'net__ping'].filter((name) =>
    isToolOffered(pinned, name),
  )
  assert.equal(offered, ['disk__usage', 'net__ping'])
})

test.run()
