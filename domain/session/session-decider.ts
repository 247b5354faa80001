// The session aggregate: the whole investigation is one consistency boundary, hence one total order.
import type { CommandMetadata, SessionCommand } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { type Decider, type Decision, reject, unreachable } from '../decider.ts'
import { recordChild, recordChildEnd } from './child-sessions.ts'
import { withConsequences } from './consequences.ts'
import { askSession } from './decide-chat.ts'
import { cancelExecution, expireExecution, pauseSession, resumeSession, sendMessage } from './decide-control.ts'
import { holdTurn, liftBudget } from './decide-day-budget.ts'
import { requestElicitation } from './decide-elicitation.ts'
import { decideErasing, eraseSession, holdSession, releaseHold } from './decide-erasure.ts'
import { recordEvaluation } from './decide-evaluation.ts'
import { forkSession, recordDrift } from './decide-fork.ts'
import { answerInput, expireInput } from './decide-inputs.ts'
import { admitSession, adoptPlan, cancelSession, noteAlert, rejectPlan, startSession } from './decide-lifecycle.ts'
import { offerTools, recordCompaction, recordModelFailure, recordModelReply } from './decide-model.ts'
import { recordResultSummary, recordResultSummaryFailure } from './decide-result-summary.ts'
import { recordSummary, recordSummaryFailure } from './decide-summary.ts'
import { beginToolCall, recordToolCall } from './decide-tools.ts'
import { evolveSession } from './evolve-session.ts'
import { absentSession, type PresentSession, type SessionState } from './session-state.ts'

const decide = (command: SessionCommand, state: SessionState, metadata: CommandMetadata): Decision<SessionEvent> => {
  if (command.type === 'StartSession') return startSession(command.data, state)
  if (state.status === 'absent') return reject('session_not_found', `No session ${command.data.sessionId}.`)
  if (state.erasing) return decideErasing(command, state)
  const decision = decidePresent(command, state, metadata)
  if (decision.kind === 'reject' || decision.events.length === 0) return decision
  return { kind: 'accept', events: withConsequences(state, decision.events, metadata) }
}

const decidePresent = (
  command: Exclude<SessionCommand, { type: 'StartSession' }>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decision<SessionEvent> => {
  switch (command.type) {
    case 'RecordChild':
      return recordChild(command.data, state)
    case 'RecordChildEnd':
      return recordChildEnd(command.data, state)
    case 'ForkSession':
      return forkSession(command.data, state, metadata)
    case 'RecordDrift':
      return recordDrift(command.data, state)
    case 'CancelSession':
      return cancelSession(command.data, state, metadata)
    case 'AskSession':
      return askSession(command.data, state, metadata)
    case 'HoldSession':
      return holdSession(command.data, state, metadata)
    case 'ReleaseHold':
      return releaseHold(state, metadata)
    case 'EraseSession':
      return eraseSession(command.data, state, metadata)
    case 'RecordEvaluation':
      return recordEvaluation(command.data, state)
    case 'PauseSession':
      return pauseSession(command.data, state, metadata)
    case 'ResumeSession':
      return resumeSession(state, metadata)
    case 'SendMessage':
      return sendMessage(command.data, state, metadata)
    case 'CancelExecution':
      return cancelExecution(command.data, state, metadata)
    case 'AnswerInput':
      return answerInput(command.data, state, metadata)
    case 'ExpireInput':
      return expireInput(command.data, state, metadata)
    case 'ExpireExecution':
      return expireExecution(command.data, state, metadata)
    case 'AdoptPlan':
      return adoptPlan(command.data, state)
    case 'AdmitSession':
      return admitSession(command.data, state, metadata)
    case 'RejectPlan':
      return rejectPlan(command.data, state)
    case 'OfferTools':
      return offerTools(command.data, state)
    case 'RecordModelReply':
      return recordModelReply(command.data, state, metadata)
    case 'RecordModelFailure':
      return recordModelFailure(command.data, state, metadata)
    case 'HoldTurn':
      return holdTurn(command.data, state, metadata)
    case 'LiftBudget':
      return liftBudget(command.data, state)
    case 'RecordCompaction':
      return recordCompaction(command.data, state)
    case 'BeginToolCall':
      return beginToolCall(command.data, state)
    case 'RequestElicitation':
      return requestElicitation(command.data, state, metadata)
    case 'RecordToolCall':
      return recordToolCall(command.data, state)
    case 'RecordResultSummary':
      return recordResultSummary(command.data, state)
    case 'RecordResultSummaryFailure':
      return recordResultSummaryFailure(command.data, state, metadata)
    case 'RecordSummary':
      return recordSummary(command.data, state)
    case 'RecordSummaryFailure':
      return recordSummaryFailure(command.data, state, metadata)
    case 'NoteAlert':
      return noteAlert(command.data, state)
    default:
      return unreachable(command)
  }
}

export const sessionDecider: Decider<SessionState, SessionCommand, SessionEvent> = {
  initial: absentSession,
  decide,
  evolve: evolveSession,
}
