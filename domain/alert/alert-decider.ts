// The alert aggregate: decides whether an occurrence opens a session, joins one, or closes an episode.
import type { AlertCommand, CommandData } from '../../schemas/commands.ts'
import type { AlertEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision, reject, unreachable } from '../decider.ts'
import { type AlertState, absentAlert, evolveAlert } from './alert-state.ts'

const decide = (command: AlertCommand, state: AlertState): Decision<AlertEvent> => {
  switch (command.type) {
    case 'RecordAlert':
      return command.data.alert.status === 'firing'
        ? recordFiring(command.data, state)
        : recordResolved(command.data, state)
    case 'RecordInvestigation':
      return recordInvestigation(command.data, state)
    default:
      return unreachable(command)
  }
}

const recordFiring = (data: CommandData<'RecordAlert'>, state: AlertState): Decision<AlertEvent> => {
  const { occurrenceKey, receivedAt, alert } = data
  if (state.status !== 'absent') {
    if (state.occurrences.includes(occurrenceKey)) return alreadySo
    const joins = state.sessionOpen || alert.reason === 'repeat' || alert.startsAt === state.startsAt
    if (joins && state.sessionId !== null) {
      return accept({
        type: 'alert.repeated',
        data: { occurrenceKey, receivedAt, episode: state.episode, sessionId: state.sessionId },
      })
    }
  }
  const episode = (state.status === 'absent' ? 0 : state.episode) + 1
  return accept({ type: 'alert.fired', data: { occurrenceKey, receivedAt, episode, sessionId: data.sessionId, alert } })
}

const recordResolved = (data: CommandData<'RecordAlert'>, state: AlertState): Decision<AlertEvent> => {
  const { occurrenceKey, receivedAt, alert } = data
  if (state.status === 'resolved' || (state.status === 'firing' && state.occurrences.includes(occurrenceKey))) {
    return alreadySo
  }
  const open = state.status === 'firing' && state.sessionId !== null ? { sessionId: state.sessionId } : {}
  const episode = state.status === 'absent' ? 0 : state.episode
  return accept({ type: 'alert.resolved', data: { occurrenceKey, receivedAt, episode, ...open, alert } })
}

const recordInvestigation = (data: CommandData<'RecordInvestigation'>, state: AlertState): Decision<AlertEvent> => {
  if (state.status === 'absent') return reject('alert_not_found', `No alert ${data.alertId}.`)
  if (state.sessionId !== data.sessionId || !state.sessionOpen) return alreadySo
  const { sessionId, status } = data
  return accept({ type: 'alert.investigated', data: { episode: state.episode, sessionId, status } })
}

export const alertDecider: Decider<AlertState, AlertCommand, AlertEvent> = {
  initial: absentAlert,
  decide: (command, state) => decide(command, state),
  evolve: evolveAlert,
}
