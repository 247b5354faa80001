// The person aggregate: forgotten once, for a reason, and the key destroyed once.
import type { PersonCommand } from '../../schemas/commands.ts'
import type { PersonEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision, reject, unreachable } from '../decider.ts'

/** Of a person who was not forgotten nothing is recorded. */
export type PersonState = { readonly status: 'known' | 'forgotten' | 'key_destroyed' }

type Metadata = Parameters<Decider<PersonState, PersonCommand, PersonEvent>['decide']>[2]

const decide = (command: PersonCommand, state: PersonState, { actor }: Metadata): Decision<PersonEvent> => {
  const { personId } = command.data
  switch (command.type) {
    case 'ForgetPerson':
      return state.status === 'known'
        ? accept({ type: 'person.forgotten', data: { personId, by: actor, reason: command.data.reason } })
        : alreadySo
    case 'CompleteForgetting':
      if (state.status === 'known') return reject('person_not_found', `${personId} is not being forgotten.`)
      return state.status === 'key_destroyed' ? alreadySo : accept({ type: 'person.key_destroyed', data: { personId } })
    default:
      return unreachable(command)
  }
}

const evolve = (state: PersonState, event: PersonEvent): PersonState => {
  switch (event.type) {
    case 'person.forgotten':
      return state.status === 'known' ? { status: 'forgotten' } : state
    case 'person.key_destroyed':
      return state.status === 'known' ? state : { status: 'key_destroyed' }
    default:
      return state
  }
}

export const personDecider: Decider<PersonState, PersonCommand, PersonEvent> = {
  initial: { status: 'known' },
  decide,
  evolve,
}
