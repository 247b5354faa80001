// What happens beside the agents' own words, as a line to read.
import type { RecordedEvent } from '../../../../schemas/commit.ts'
import type { BudgetKind, InputAnswer, InputQuestion } from '../../../../schemas/session-inputs.ts'
import type { ExtensionReason } from '../../../../schemas/session-plan.ts'

export type Tone = 'plain' | 'good' | 'bad' | 'ask'

export interface Note {
  readonly title: string
  readonly text: string
  readonly tone: Tone
}

/** @returns null for what only the event log shows. */
export const noteOf = (event: RecordedEvent): Note | null => {
  const note = (title: string, text = '', tone: Tone = 'plain'): Note => ({ title, text, tone })
  switch (event.type) {
    case 'session.plan_adopted': {
      const { chain, stages, runbook } = event.data
      const names = stages.map(({ name }) => name).join(' → ')
      return note(`Chain ${chain.name}: ${names}`, `${chain.reason}${runbook === undefined ? '' : ', with a runbook'}`)
    }
    case 'session.admitted':
      return note('A place is free', `After ${Math.round(event.data.waitedMs / 1000)} s in line.`)
    case 'session.plan_extended':
      return note(extension(event.data.reason), event.data.stages.map(({ name }) => name).join(' → '))
    case 'session.limit_reached':
      return note('The plan ends here', event.data.message, 'bad')
    case 'session.input_requested':
      return note(asked(event.data.question), '', 'ask')
    case 'session.input_answered':
      return note(`${event.data.by.id} ${said(event.data.answer)}`, detail(event.data.answer))
    case 'session.input_expired':
      return note('Nobody answered in time', '', 'bad')
    case 'session.input_withdrawn':
      return note('The question was taken back')
    case 'session.model_failed': {
      const { class: kind, message, attempt } = event.data
      return note(`The model failed (${kind.replaceAll('_', ' ')}), attempt ${attempt}`, message, 'bad')
    }
    case 'session.loop_detected':
      return note('The agent goes round in circles', event.data.evidence, 'bad')
    case 'session.context_compacted':
      return note(`Turns 1 to ${event.data.throughTurn} were condensed`, event.data.text.text)
    case 'session.provider_switched': {
      const { from, to, class: kind } = event.data
      const failed = `${from.provider}/${from.model} failed for good (${kind.replaceAll('_', ' ')}).`
      return note(`Went on with ${to.provider}/${to.model}`, failed, 'bad')
    }
    case 'session.unpriced_noticed':
      return note(`No price is known for ${event.data.provider}/${event.data.model}`)
    case 'session.budget_reached': {
      const { budget, used, limit } = event.data
      return note(`Budget of ${budget.replaceAll('_', ' ')} reached`, amounts(budget, used, limit), 'ask')
    }
    case 'session.budget_raised':
      return note(`The org's budget of ${event.data.budget.replaceAll('_', ' ')} was raised`, `to ${event.data.limit}`)
    case 'session.paused':
      return note(`Paused by ${event.data.by.id}`, event.data.reason, 'ask')
    case 'session.resumed':
      return note(`Resumed by ${event.data.by.id}`)
    case 'session.alert_noted':
      return note(event.data.what === 'resolved' ? 'The alert is resolved' : 'The alert came again')
    case 'session.child_ended':
      return note(`A session started from here ${event.data.status}`, event.data.report.text)
    case 'session.summary_recorded':
      return note('Summary', event.data.text, 'good')
    case 'session.summary_failed':
      return note('The summary failed', event.data.message, 'bad')
    case 'session.held':
      return note(`Legal hold by ${event.data.by.id}`, event.data.reason)
    case 'session.hold_released':
      return note(`Legal hold ended by ${event.data.by.id}`)
    case 'session.ended': {
      const { status, cause } = event.data
      return status === 'completed'
        ? note('Session completed', '', 'good')
        : note(`Session ${status}`, `${cause.message} ${cause.nextStep}`, 'bad')
    }
    default:
      return null
  }
}

/** Costs are counted in millionths of a dollar. */
const amounts = (budget: BudgetKind, used: number, limit: number): string =>
  budget === 'cost' ? `$${used / 1e6} of $${limit / 1e6}` : `${Math.round(used)} of ${limit}`

const extension = (reason: ExtensionReason): string => {
  switch (reason.kind) {
    case 'retry':
      return `A stage is tried again (${reason.attempt} of ${reason.of})`
    case 'decomposition':
      return 'The work was broken down'
    case 'cycle':
      return `Review cycle ${reason.cycle} of ${reason.of}: ${reason.verdict}`
    default:
      return reason satisfies never
  }
}

const asked = (question: InputQuestion): string => {
  switch (question.kind) {
    case 'tool_approval':
      return `May ${question.name} be called?`
    case 'question':
      return `An agent asks: ${question.text}`
    case 'budget':
      return `The budget of ${question.budget.replaceAll('_', ' ')} is used up: go on?`
    case 'elicitation':
      return `${question.server} asks: ${question.message}`
    default:
      return question satisfies never
  }
}

const words: Readonly<Record<InputAnswer['kind'], string>> = {
  approve: 'approved the call',
  deny: 'denied it',
  reply: 'replied',
  raise: 'raised the budget',
  finish: 'asked for a conclusion',
  accept: 'accepted',
  decline: 'declined',
  cancel: 'cancelled the question',
}

const said = (answer: InputAnswer): string => {
  if (answer.kind !== 'approve') return words[answer.kind]
  return `${words.approve}${answer.scope === 'session' ? ' for the session' : ''}${answer.arguments === undefined ? '' : ', with other arguments'}`
}

const detail = (answer: InputAnswer): string => {
  switch (answer.kind) {
    case 'approve':
      return answer.arguments === undefined ? '' : `\`${JSON.stringify(answer.arguments)}\``
    case 'deny':
      return answer.reason
    case 'reply':
      return answer.text
    case 'raise':
      return `by ${answer.by}`
    default:
      return ''
  }
}
