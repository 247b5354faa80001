// Why things end, in one place: each cause has a stable code, a sentence, and what an operator can do next.

import type { Cause } from '../../schemas/cause.ts'
import type { ModelFailureClass } from '../../schemas/model.ts'

export const completed: Cause = {
  code: 'completed',
  message: 'Every stage completed.',
  nextStep: 'Read the final analysis.',
}

export const inconclusive = (missing = ''): Cause => ({
  code: 'inconclusive',
  message: `Every stage completed, but what was found does not settle the question${missing === '' ? '.' : `: ${missing}`}`,
  nextStep: 'Look at what is missing yourself, or give the agents tools that reach it and start the session again.',
})

export const completedWithoutSummary = (reason: string, eventId: string): Cause => ({
  code: 'completed_without_summary',
  message: `Every stage completed, but no executive summary could be written: ${reason}`,
  nextStep: 'Read the final analysis; the summary is only a digest of it.',
  eventId,
})

export const cancelledBy = (actorId: string, reason: string): Cause => ({
  code: 'cancelled',
  message: reason === '' ? `Cancelled by ${actorId}.` : `Cancelled by ${actorId}: ${reason}`,
  nextStep: 'Start a new session if the question still stands.',
})

export const noConclusion = (agent: string, eventId: string): Cause => ({
  code: 'no_conclusion',
  message: `Agent ${agent} ended without a conclusion.`,
  nextStep: 'Look at its last turns; try another model, or raise max_iterations.',
  eventId,
})

export const stageFailed = (stage: string): Cause => ({
  code: 'stage_failed',
  message: `Too few agents of stage ${stage} completed.`,
  nextStep: 'Look at the ends of its executions.',
})

export const cancelledByPolicy = (stage: string): Cause => ({
  code: 'policy_decided',
  message: `Stage ${stage} was decided without this agent.`,
  nextStep: 'Nothing to do: the stage stops early by its policy.',
})

export const endedByParent = (parent: string, reason: string): Cause => ({
  code: 'ended_by_parent',
  message: reason === '' ? `Ended by ${parent}, which had called on it.` : `Ended by ${parent}: ${reason}`,
  nextStep: 'Nothing to do: its report is no longer needed.',
})

export const parentEnded: Cause = {
  code: 'parent_ended',
  message: 'The agent that had called on it has ended.',
  nextStep: 'Nothing to do: nobody waits for its report.',
}

export const timedOut = (deadline: string): Cause => ({
  code: 'timed_out',
  message: `It had not concluded by ${deadline}.`,
  nextStep: 'Give helpers more time in the configuration, or smaller tasks.',
})

export const overrideToolUnknown = (faults: readonly string[]): Cause => ({
  code: 'override_tool_unknown',
  message: `The session was asked for with overrides that cannot be carried out: ${faults.join('; ')}`,
  nextStep: 'Mend the tools of the overrides, then send it again.',
})

export const planningFailed = (reason: string): Cause => ({
  code: 'planning_failed',
  message: `No plan could be made: ${reason}`,
  nextStep: 'Look at the configuration of its chain and agents, then start the session again.',
})

const advice: Record<ModelFailureClass, string> = {
  transient: 'Check that the model endpoint is up (base_url), then start the session again.',
  rate_limited: 'Wait for the quota to recover or raise it, then start the session again.',
  timeout: 'Check the endpoint and its load, or choose a faster model, then start the session again.',
  repetition: 'Try another model, or another temperature; it said the same over and over.',
  auth: 'Check the API key of this provider, then start the session again.',
  invalid_request: 'Check the model name and the parameters of this provider.',
  other: 'Read the message; the model endpoint answered in a way Casebook does not know.',
}

export const modelGaveUp = (failure: ModelFailureClass, attempts: number, message: string, eventId: string): Cause => ({
  code: `model_${failure}`,
  message: `The model failed ${attempts === 1 ? 'once' : `${attempts} times`}: ${message}`,
  nextStep: advice[failure],
  eventId,
})

export const dayUsedUp: Cause = {
  code: 'day_budget_used_up',
  message: 'What the org may use up in a day is used up.',
  nextStep: 'Start it again after midnight UTC, or raise day_budgets in the configuration.',
}
