// What people were asked and what they answered, in the words of the timeline.
import type { InputAnswer, InputQuestion } from '../schemas/session-inputs.ts'

export const questionTitle = (question: InputQuestion): string => {
  switch (question.kind) {
    case 'tool_approval':
      return `Approval asked for ${question.name}`
    case 'question':
      return 'An agent asks'
    case 'budget':
      return `More of the budget of ${question.budget}${question.day === undefined ? '' : ` of the org on ${question.day}`}?`
    case 'elicitation':
      return `${question.server} asks`
  }
}

export const questionText = (question: InputQuestion): string => {
  switch (question.kind) {
    case 'tool_approval':
      return `${question.reason}: ${JSON.stringify(question.arguments)}`
    case 'question':
      return question.text
    case 'budget':
      return `${question.used} of ${question.limit} used.`
    case 'elicitation':
      return question.request.mode === 'url' ? `${question.message}: ${question.request.url}` : question.message
  }
}

export const answerText = (answer: InputAnswer): string =>
  answer.kind === 'deny' ? answer.reason : answer.kind === 'reply' ? answer.text : ''
