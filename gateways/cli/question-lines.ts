// What a person is asked and can say, in words: in lists, and in full before an answer.
import type { InputView } from '../../projections/inputs.ts'
import type { BudgetKind, InputAnswer, InputQuestion } from '../../schemas/session-inputs.ts'
import { formLines } from './form-fields.ts'

/** In one line, for lists. */
export const questionLine = (question: InputQuestion): string => {
  switch (question.kind) {
    case 'tool_approval':
      return `${question.name} ${JSON.stringify(question.arguments)}`
    case 'question':
      return question.text
    case 'budget':
      return `${amount(question.budget, question.used)} of ${amount(question.budget, question.limit)} used`
    case 'elicitation':
      return question.request.mode === 'url' ? `${question.message} ${question.request.url}` : question.message
  }
}

/** In full: nobody should approve what was cut short. */
export const questionLines = (question: InputQuestion): readonly string[] => {
  switch (question.kind) {
    case 'tool_approval':
      return [
        `May ${question.executionId} call ${question.name} (${question.effect}) on ${question.server}?`,
        `asked because: ${question.reason}`,
        'arguments:',
        ...JSON.stringify(question.arguments, null, 2).split('\n'),
      ]
    case 'question':
      return [`${question.executionId} asks:`, question.text]
    case 'budget': {
      const whose = question.day === undefined ? (question.executionId ?? 'the session') : `the org on ${question.day}`
      return [`The budget of ${whose} is reached: ${questionLine(question)}.`]
    }
    case 'elicitation': {
      const { server, tool, executionId, message, request } = question
      const asks = `The server ${server} asks, while ${executionId} calls ${tool}:`
      if (request.mode === 'form') return [asks, message, ...formLines(request.requestedSchema)]
      return [asks, message, `Open this link only if you trust ${server}: ${request.url}`]
    }
  }
}

export const answerLine = (answer: InputAnswer): string => {
  switch (answer.kind) {
    case 'approve': {
      const scope = answer.scope === 'session' ? 'approved for this session' : 'approved once'
      return answer.arguments === undefined ? scope : `${scope}, with ${JSON.stringify(answer.arguments)}`
    }
    case 'deny':
      return answer.reason === '' ? 'denied' : `denied: ${answer.reason}`
    case 'reply':
      return answer.text
    case 'raise':
      return `raised by ${answer.by}`
    case 'finish':
      return 'to conclude from what is known'
    case 'accept':
      return answer.content === undefined ? 'accepted' : `accepted with ${JSON.stringify(answer.content)}`
    case 'decline':
      return 'declined'
    case 'cancel':
      return 'cancelled'
  }
}

/** The commands that would answer it. */
export const waysToAnswer = ({ id, question }: Pick<InputView, 'id' | 'question'>): readonly string[] => {
  const ways = {
    tool_approval: ['--approve', '--approve --session', "--approve --arguments '{…}'", "--deny 'why not'"],
    question: ["--reply 'the answer'", '--deny'],
    budget: [`--raise <${question.kind === 'budget' ? unitOf[question.budget] : 'amount'}>`, '--finish'],
    elicitation: [`--accept${fieldsOf(question)}`, '--decline', '--cancel'],
  } as const
  return ways[question.kind].map((way) => `casebook inputs answer ${id} ${way}`)
}

/** What must be filled in. */
const fieldsOf = (question: InputQuestion): string =>
  question.kind === 'elicitation' && question.request.mode === 'form'
    ? (question.request.requestedSchema.required ?? []).map((name) => ` --field ${name}=…`).join('')
    : ''

const unitOf: Readonly<Record<BudgetKind, string>> = {
  tokens: 'tokens',
  cost: 'millionths of a dollar',
  wall_time: 'seconds',
  tool_calls: 'calls',
}

const amount = (budget: BudgetKind, value: number): string =>
  budget === 'cost' ? `$${(value / 1_000_000).toFixed(3)}` : `${Math.round(value)} ${unitOf[budget]}`
