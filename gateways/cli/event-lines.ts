// One event of a session in the words of the command line.
import type { DomainEvent } from '../../schemas/events.ts'
import type { ExtensionReason } from '../../schemas/session-plan.ts'
import { cut, oneLine } from './output.ts'

const maxDetail = 120

/** `toolName` finds the name of a call by its id. @returns nothing for what only machines care about. */
export const eventLines = (event: DomainEvent, toolName: (toolCallId: string) => string): readonly string[] => {
  switch (event.type) {
    case 'session.started':
      return [`${event.data.sessionId}: ${oneLine(event.data.title)}`]
    case 'session.plan_adopted': {
      const { chain, stages } = event.data
      const names = stages.map(({ name }) => oneLine(name)).join(' → ')
      return [`plan: chain ${chain.name} (${oneLine(chain.reason)}): ${names}`]
    }
    case 'session.admitted':
      return [`begins after ${Math.round(event.data.waitedMs / 1000)} s in line (${event.data.lane})`]
    case 'session.stage_started':
      return [`stage ${event.data.index + 1} of ${event.data.total}: ${oneLine(event.data.name)}`]
    case 'session.execution_started':
      return [`  agent ${event.data.agent} (${event.data.controller})`]
    case 'session.helper_dispatched':
      return [`  helper ${oneLine(event.data.agent)}: ${cut(oneLine(event.data.task), maxDetail)}`]
    case 'session.tools_offered': {
      const { tools, unavailable } = event.data
      const names = tools.map(({ name }) => oneLine(name)).join(', ')
      return [
        ...(tools.length === 0 && unavailable.length === 0 ? [] : [`  tools: ${names || 'none'}`]),
        ...unavailable.map(({ server, reason }) => `  server ${server} is not available: ${oneLine(reason)}`),
      ]
    }
    case 'session.turn_requested':
      return event.data.mode === 'forced_conclusion' ? ['  out of turns: the agent must conclude'] : []
    case 'session.model_replied': {
      const { turn, by, durationMs, usage, citations = [] } = event.data
      const model = by.simulated ? `${by.model} (simulated)` : by.model
      return [
        `  turn ${turn}: ${model}, ${seconds(durationMs)}, ${usage.inputTokens} tokens in, ${usage.outputTokens} out`,
        ...citations.map(({ url, title = '' }) => `    source: ${oneLine(title === '' ? url : `${title} ${url}`)}`),
      ]
    }
    case 'session.context_compacted':
      return [`  turns 1 to ${event.data.throughTurn} are condensed`]
    case 'session.loop_detected':
      return [`  the agent repeats itself: ${oneLine(event.data.evidence)}`]
    case 'session.provider_switched': {
      const { from, to } = event.data
      return [`  from ${from.provider}/${from.model} to ${to.provider}/${to.model}`]
    }
    case 'session.model_failed': {
      const { turn, attempt, message } = event.data
      return [`  turn ${turn}, attempt ${attempt}: the model failed (${event.data.class}): ${oneLine(message)}`]
    }
    case 'session.tool_call_requested': {
      const { name, arguments: input } = event.data
      return [`  → ${oneLine(name)} ${cut(oneLine(JSON.stringify(input)), maxDetail)}`]
    }
    case 'session.tool_call_refused':
      return [`  ✗ ${oneLine(event.data.name)} refused: ${oneLine(event.data.message)}`]
    case 'session.tool_call_recorded': {
      const { toolCallId, outcome, durationMs, content } = event.data
      const said = cut(oneLine(content.text), maxDetail)
      return [`  ← ${oneLine(toolName(toolCallId))} ${outcome} in ${seconds(durationMs)}: ${said}`]
    }
    case 'session.result_summarized': {
      const { how, toolCallId, reason = '' } = event.data
      const name = oneLine(toolName(toolCallId))
      return [
        how === 'summary'
          ? `    ${name}: long result, summarized`
          : `    ${name}: long result, cut short (${oneLine(reason)})`,
      ]
    }
    case 'session.plan_extended': {
      const { reason, stages } = event.data
      const names = stages.map(({ name }) => oneLine(name)).join(' → ')
      const round = extensionWords(reason)
      return [`${round}: ${names}`]
    }
    case 'session.limit_reached':
      return [`limit: ${oneLine(event.data.message)}`]
    case 'session.budget_reached': {
      const { budget, used, limit } = event.data
      return [`budget of ${budget} reached: ${used} of ${limit}`]
    }
    case 'session.input_requested': {
      const { inputId, question } = event.data
      const about =
        question.kind === 'tool_approval'
          ? `approve ${oneLine(question.name)}?`
          : question.kind === 'elicitation'
            ? `${oneLine(question.server)} asks`
            : question.kind
      return [`waiting for a person: ${about} (casebook inputs show ${inputId})`]
    }
    case 'session.input_answered':
      return [`  ${oneLine(event.data.by.id)}: ${event.data.answer.kind}`]
    case 'session.input_expired':
      return ['  nobody answered in time']
    case 'session.message_sent': {
      const { from, text } = event.data
      return [
        `  message from ${oneLine(from.kind === 'person' ? from.actor.id : from.name)}: ${cut(oneLine(text.text), maxDetail)}`,
      ]
    }
    case 'session.question_asked':
      return [`question from ${oneLine(event.data.by.id)}: ${cut(oneLine(event.data.text.text), maxDetail)}`]
    case 'session.child_started':
      return [`  session ${event.data.childId}: ${cut(oneLine(event.data.title), maxDetail)}`]
    case 'session.child_ended':
      return [`  session ${event.data.childId} ${event.data.status}`]
    case 'session.paused':
      return [`paused by ${oneLine(event.data.by.id)}`]
    case 'session.resumed':
      return [`resumed by ${oneLine(event.data.by.id)}`]
    case 'session.summary_requested':
      return event.data.attempt === 1 ? ['executive summary'] : []
    case 'session.summary_failed':
      return [`  the summary failed (${event.data.class}): ${oneLine(event.data.message)}`]
    case 'session.evaluated':
      return [`case ${oneLine(event.data.case)}: ${event.data.passed ? 'passed' : 'failed'}`]
    case 'session.alert_noted':
      return [`  the alert ${event.data.what}`]
    case 'session.ended': {
      const { status, cause } = event.data
      return [
        `session ${status}: ${oneLine(cause.message)}`,
        ...(status === 'completed' || cause.nextStep === '' ? [] : [oneLine(cause.nextStep)]),
      ]
    }
    default:
      return []
  }
}

const seconds = (ms: number): string => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`)

const extensionWords = (reason: ExtensionReason): string => {
  switch (reason.kind) {
    case 'cycle':
      return `review cycle ${reason.cycle} of ${reason.of}`
    case 'retry':
      return `attempt ${reason.attempt} of ${reason.of}`
    case 'decomposition':
      return 'the work is broken down'
  }
}
