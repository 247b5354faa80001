// Forgetting a person, decided: once, for a reason, and the key is destroyed once.
import { test } from 'uvu'
import { personDecider } from '../../domain/person/person-decider.ts'
import { personId as id } from '../../schemas/ids.ts'
import { metadata, spec } from '../support/decider-spec.ts'

const personId = id.parse('per_AAAAAAAAAAAAAAAAAAAAAA')
const forget = { type: 'ForgetPerson', data: { personId, reason: 'asked to' } } as const
const complete = { type: 'CompleteForgetting', data: { personId } } as const
const forgotten = { type: 'person.forgotten', data: { personId, by: metadata.actor, reason: 'asked to' } } as const
const destroyed = { type: 'person.key_destroyed', data: { personId } } as const
const { given } = spec(personDecider)

test('it is recorded by whom and why, once', () => {
  given().when(forget).thenEvents(forgotten)
  given(forgotten).when(forget).thenNothing()
  given(forgotten, destroyed).when(forget).thenNothing()
})

test('the key is destroyed once, and of nobody who is not to be forgotten', () => {
  given().when(complete).thenRejects('person_not_found')
  given(forgotten).when(complete).thenEvents(destroyed)
  given(forgotten, destroyed).when(complete).thenNothing()
})

test.run()
