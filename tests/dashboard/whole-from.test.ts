// Where a fork from an event of a session's story begins.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wholeFrom } from '../../dashboard/src/pages/session/whole-from.ts'

const told = (version: number, sequence: number, type: string) => ({ event: { type, version }, sequence })

test('a fork from an event takes along what belongs to it in its commit, and nothing of the next one', () => {
  const events = [
    told(3, 7, 'session.stage_started'),
    told(4, 7, 'session.execution_started'),
    told(5, 7, 'session.execution_started'),
    told(6, 7, 'session.turn_requested'),
    told(7, 8, 'session.model_replied'),
    told(8, 9, 'session.tool_call_requested'),
  ]
  assert.equal(
    events.map((_, index) => wholeFrom(events, index)),
    [5, 5, 5, 6, 7, 8],
  )
})

test.run()
