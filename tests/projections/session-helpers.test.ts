// Helpers in a session's view: whom an agent called on, how far each is, and for how much.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { executionIdOf, helperIdOf, stageIdOf } from '../../domain/session/session-ids.ts'
import { evolveSessionView } from '../../projections/evolve-session-view.ts'
import type { SessionView } from '../../projections/session-view.ts'
import { sessionId } from '../../schemas/ids.ts'
import { createHistory, investigation, sessionStream, timeAt } from '../support/histories.ts'

const id = 'ses_HELP01'
const session = sessionId.parse(id)
const helper = helperIdOf(session, 1)
const stageId = stageIdOf(session, 1)

test('a helper stands beside the agents of the plan, with its parent, its task and what it used', () => {
  const history = createHistory()
  for (const events of investigation(id).slice(0, 2)) history.commit(sessionStream(id), ...events)
  history.commit(sessionStream(id), {
    type: 'session.helper_dispatched',
    data: {
      ...{ executionId: helper, parentId: executionIdOf(session, 1, 1), stageId, agent: 'scout', task: 'look' },
      ...{ depth: 1, deadline: timeAt(200), maxIterations: 2 },
    },
  })
  history.commit(sessionStream(id), {
    type: 'session.model_replied',
    data: {
      ...{ executionId: helper, turn: 1, text: { text: 'Full.' }, toolCalls: [], finishReason: 'stop', durationMs: 5 },
      ...{ usage: { inputTokens: 7, outputTokens: 2 }, by: { provider: 'p', model: 'm', simulated: false } },
      costMicros: 30,
    },
  })
  history.commit(sessionStream(id), {
    type: 'session.execution_ended',
    data: { executionId: helper, stageId, status: 'completed', conclusion: { text: 'Full.' } },
  })
  const view = history.entries.reduce<SessionView | null>(
    (before, { commit }) => commit.events.reduce((each, event) => evolveSessionView(each, event, commit), before),
    null,
  )
  const helpers = (view?.helpers ?? []).map(
    ({ agent, parentId, task, status, turns, provider, model, cost, conclusion }) => [
      agent,
      parentId,
      task,
      status,
      turns,
      provider,
      model,
      cost.usdMicros,
      conclusion?.text,
    ],
  )
  const parent = executionIdOf(session, 1, 1)
  assert.equal(helpers, [['scout', parent, 'look', 'completed', 1, 'p', 'm', 30, 'Full.']])
  assert.is(view?.executions.length, 2)
})

test.run()
