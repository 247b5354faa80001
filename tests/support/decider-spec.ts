// Given–when–then for deciders: exact events, exact rejections, no looseness.
import * as assert from 'uvu/assert'
import type { Decider } from '../../domain/decider.ts'
import type { CommandMetadata } from '../../schemas/commands.ts'
import { commandId, correlationId, orgId } from '../../schemas/ids.ts'

export const metadata: CommandMetadata = {
  org: orgId.parse('default'),
  commandId: commandId.parse('cmd_test'),
  actor: { kind: 'user', id: 'tester' },
  at: '2026-01-02T03:04:05.000Z',
  correlationId: correlationId.parse('cor_test'),
  causationId: 'cau_test',
}

export const spec = <S, C, E>(decider: Decider<S, C, E>) => ({
  given: (...history: readonly E[]) => {
    const state = history.reduce(decider.evolve, decider.initial)
    return {
      state,
      when: (command: C) => {
        const decision = decider.decide(command, state, metadata)
        return {
          thenEvents: (...expected: readonly E[]) => {
            assert.equal(decision, { kind: 'accept', events: expected })
          },
          thenNothing: () => assert.equal(decision, { kind: 'accept', events: [] }),
          thenRejects: (code: string) => {
            assert.is(decision.kind, 'reject')
            if (decision.kind === 'reject') assert.is(decision.rejection.code, code)
          },
          /** The accepted events, for a test that goes on from them. */
          events: (): readonly E[] => (decision.kind === 'accept' ? decision.events : []),
        }
      },
    }
  },
})
