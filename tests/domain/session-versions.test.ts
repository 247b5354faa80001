// A session's state is a value: time travel, forks and commands decided at once rely on old ones staying what they were.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { valuesOf } from '../../domain/persistent-map.ts'
import { evolveSession } from '../../domain/session/evolve-session.ts'
import { plainSession } from '../../domain/session/plain-session.ts'
import { absentSession, type SessionState } from '../../domain/session/session-state.ts'
import { withShared } from '../../schemas/commit.ts'
import { isSessionEvent } from '../../schemas/events.ts'
import { corpusLog } from '../support/corpus.ts'

const sessions = [
  ...Map.groupBy(
    corpusLog().filter(({ commit }) => commit.stream.category === 'session'),
    ({ subject }) => subject,
  ).values(),
].map((entries) =>
  entries.flatMap(({ commit }) => withShared(commit).flatMap(({ events }) => events.filter(isSessionEvent))),
)

const textOf = (state: SessionState): string => JSON.stringify(plainSession(state))

/** Each state with what it said when it was new. */
const statesOf = (): { readonly state: SessionState; readonly text: string }[] =>
  sessions.flatMap((events) => {
    let state: SessionState = absentSession
    return events.map((event) => {
      state = evolveSession(state, event)
      return { state, text: textOf(state) }
    })
  })

test('a state stays as it was however the session goes on from it', () => {
  const states = statesOf()
  const events = sessions.flat()
  assert.ok(states.length > 100)
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.nat(), { maxLength: 50 }), (from, others) => {
      // Not as it went on: as it might have.
      const start = states[from % states.length]?.state ?? absentSession
      others.reduce((state, which) => {
        const event = events[which % events.length]
        return event === undefined ? state : evolveSession(state, event)
      }, start)
    }),
  )
  for (const { state, text } of states) assert.is(textOf(state), text)
})

test('what is open is known without looking through all there was', () => {
  const present = statesOf().flatMap(({ state }) => (state.status === 'absent' ? [] : [state]))
  assert.ok(present.some(({ openInputs }) => openInputs.length > 0))
  assert.ok(present.some(({ unheard }) => unheard.length > 0))
  for (const state of present) {
    const asked = valuesOf(state.inputs).filter(({ status }) => status === 'open')
    assert.equal([...state.openInputs].sort(), asked.map(({ id }) => id).sort())
    const sent = valuesOf(state.messages).filter(({ deliveredTo }) => deliveredTo === null)
    assert.equal([...state.unheard].sort(), sent.map(({ id }) => id).sort())
  }
})

test.run()
