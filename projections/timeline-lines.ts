// What an event is in the story of a session: a kind, a title, a text, and what belongs to it.
import type { RecordedEvent } from '../schemas/commit.ts'
import type { ExtensionReason } from '../schemas/session-plan.ts'
import type { StoredText } from '../schemas/stored-text.ts'
import { answerText, questionText, questionTitle } from './timeline-inputs.ts'

interface Line {
  readonly kind: string
  readonly title: string
  readonly text: string
  /** References and details: ids, arguments, usage, blobs. */
  readonly data: unknown
}

const line = (kind: string, title: string, text: StoredText | string = '', data: object = {}): Line => ({
  kind,
  title,
  text: typeof text === 'string' ? text : text.text,
  data: typeof text === 'string' || text.blob === undefined ? data : { ...data, blob: text.blob },
})

/** @returns null for what only machines care about. */
export const lineOf = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'session.started':
      return line('session_started', event.data.title, event.data.input, { origin: event.data.origin })
    case 'session.forked': {
      const { title, kind, from, changes } = event.data
      const text = `From ${from.sessionId} at version ${from.at}`
      return line(kind === 'fork' ? 'session_forked' : 'replay_started', title, text, { from, changes })
    }
    case 'session.drift_recorded': {
      const { calls, notRecorded } = event.data
      const text = `${calls.same} calls as recorded, ${calls.missing} not made, ${calls.added} added`
      return line('drift', `${notRecorded.length} calls not recorded`, text, event.data)
    }
    case 'session.plan_adopted': {
      const { chain, stages } = event.data
      const names = stages.map(({ name }) => name).join(' → ')
      return line('plan', `Chain ${chain.name} (${chain.reason}): ${names}`, '', { chain: chain.name })
    }
    case 'session.admitted': {
      const { lane, waitedMs } = event.data
      return line('admitted', `Begins after ${Math.round(waitedMs / 1000)} s in line (${lane})`, '', { lane, waitedMs })
    }
    case 'session.stage_started': {
      const { stageId, name, index, total } = event.data
      return line('stage_started', `Stage ${index + 1} of ${total}: ${name}`, '', { stageId })
    }
    case 'session.stage_ended':
      return line('stage_ended', `Stage ${event.data.status}`, '', { stageId: event.data.stageId })
    case 'session.execution_started':
      return line('agent_started', event.data.agent, '', { executionId: event.data.executionId })
    case 'session.helper_dispatched': {
      const { executionId, parentId, agent, task } = event.data
      return line('helper_dispatched', `Helper ${agent}`, task, { executionId, parentId })
    }
    case 'session.tools_offered': {
      const { executionId, tools, unavailable } = event.data
      const names = tools.map(({ name }) => name)
      return line('tools_offered', `${names.length} tools offered`, names.join(', '), { executionId, unavailable })
    }
    case 'session.model_replied': {
      const { executionId, turn, text, thinking, citations, usage, by, durationMs, toolCalls } = event.data
      const title = by.simulated ? `${by.model} (simulated)` : by.model
      return line('model_reply', title, text, {
        executionId,
        turn,
        thinking,
        citations,
        usage,
        by,
        durationMs,
        toolCalls: toolCalls.length,
      })
    }
    case 'session.context_compacted': {
      const { executionId, throughTurn, text } = event.data
      return line('context_compacted', `Turns 1 to ${throughTurn} condensed`, text, { executionId })
    }
    case 'session.loop_detected':
      return line('loop_detected', 'The agent repeats itself', event.data.evidence, {
        executionId: event.data.executionId,
        trip: event.data.trip,
      })
    case 'session.provider_switched': {
      const { executionId, from, to } = event.data
      return line('provider_switched', `${from.provider}/${from.model} → ${to.provider}/${to.model}`, '', {
        executionId,
      })
    }
    case 'session.model_failed': {
      const { executionId, turn, attempt } = event.data
      return line('model_failed', `Model failed (${event.data.class})`, event.data.message, {
        executionId,
        turn,
        attempt,
      })
    }
    case 'session.tool_call_requested': {
      const { toolCallId, executionId, name, effect, arguments: input } = event.data
      return line('tool_call', name, '', { toolCallId, executionId, effect, arguments: input })
    }
    case 'session.tool_call_refused':
      return line('tool_call_refused', event.data.name, event.data.message, {
        toolCallId: event.data.toolCallId,
        code: event.data.code,
      })
    case 'session.tool_call_recorded': {
      const { toolCallId, outcome, content, durationMs, attachments, late } = event.data
      return line('tool_result', outcome, content, { toolCallId, durationMs, attachments, late })
    }
    case 'session.result_summarized': {
      const { toolCallId, how, text, original, by, usage, reason } = event.data
      const title = how === 'summary' ? 'Result summarized' : 'Result cut short'
      return line('result_summarized', title, text, { toolCallId, original, by, usage, reason })
    }
    case 'session.execution_ended': {
      const { executionId, stageId: _, status, conclusion, cause, ...rest } = event.data
      return line('agent_ended', status, conclusion ?? cause?.message ?? '', { executionId, cause, ...rest })
    }
    case 'session.plan_extended': {
      const { reason, stages } = event.data
      const names = stages.map(({ name }) => name).join(' → ')
      return line(
        'plan_extended',
        `${extensionTitle(reason)}: ${names}`,
        reason.kind === 'decomposition' ? reason.rationale : '',
        { reason },
      )
    }
    case 'session.limit_reached':
      return line('limit_reached', 'Limit reached', event.data.message, { limit: event.data.limit })
    case 'session.budget_reached': {
      const { budget, used, limit, executionId, day } = event.data
      const whose = day === undefined ? '' : ` of the org on ${day}`
      const title = `Budget of ${budget}${whose} reached`
      return line('budget_reached', title, `${used} of ${limit} used.`, { budget, executionId, day })
    }
    case 'session.budget_raised': {
      const { budget, day, limit } = event.data
      return line('budget_raised', `Budget of ${budget} of the org on ${day} raised to ${limit}`, '', { budget, day })
    }
    case 'session.unpriced_noticed': {
      const { provider, model, executionId } = event.data
      const text = 'It has no known price: a budget in dollars does not hold it.'
      return line('unpriced', `${provider}/${model} is unpriced`, text, { executionId })
    }
    case 'session.input_requested': {
      const { inputId, question, expiresAt } = event.data
      return line('input_requested', questionTitle(question), questionText(question), { inputId, question, expiresAt })
    }
    case 'session.input_answered': {
      const { inputId, answer, by } = event.data
      return line('input_answered', `${by.id}: ${answer.kind}`, answerText(answer), { inputId, answer, by })
    }
    case 'session.input_expired':
      return line('input_expired', 'Nobody answered in time', '', { inputId: event.data.inputId })
    case 'session.message_sent': {
      const { messageId, from, to, text } = event.data
      const sender = from.kind === 'person' ? from.actor.id : from.name
      return line('message', `Message from ${sender}`, text, { messageId, from, to })
    }
    case 'session.question_asked': {
      const { executionId, text, by } = event.data
      return line('question_asked', `Question from ${by.id}`, text, { executionId, by })
    }
    case 'session.child_started': {
      const { childId, title, why, relation, executionId } = event.data
      return line('child_started', `Session ${childId}: ${title}`, why, { childId, relation, executionId })
    }
    case 'session.child_ended': {
      const { childId, status, report } = event.data
      return line('child_ended', `Session ${childId} ${status}`, report, { childId, status })
    }
    case 'session.paused':
      return line('paused', `Paused by ${event.data.by.id}`, event.data.reason)
    case 'session.resumed':
      return line('resumed', `Resumed by ${event.data.by.id}`)
    case 'session.final_analysis_recorded': {
      const { text, ...data } = event.data
      return line('final_analysis', 'Final analysis', text, data)
    }
    case 'session.summary_recorded':
      return line('summary', 'Executive summary', event.data.text, { by: event.data.by, usage: event.data.usage })
    case 'session.summary_failed':
      return line('summary_failed', `Summary failed (${event.data.class})`, event.data.message)
    case 'session.evaluated': {
      const { case: name, run, passed, checks } = event.data
      const failed = checks.filter((check) => !check.passed).map(({ kind, wanted }) => `${kind}: ${wanted}`)
      return line(
        'evaluated',
        `Case ${name} ${passed ? 'passed' : 'failed'} (run ${run})`,
        failed.join('\n'),
        event.data,
      )
    }
    case 'session.alert_noted':
      return line('alert_noted', `Alert ${event.data.what}`, '', { alertId: event.data.alertId, at: event.data.at })
    case 'session.ended':
      return line('session_ended', event.data.status, event.data.cause.message, { cause: event.data.cause })
    case 'unknown':
      return line('unknown', event.storedType, 'An event of a newer version of Casebook.')
    default:
      return null
  }
}

const extensionTitle = (reason: ExtensionReason): string => {
  switch (reason.kind) {
    case 'cycle':
      return `Review cycle ${reason.cycle} of ${reason.of}`
    case 'retry':
      return `Attempt ${reason.attempt} of ${reason.of}`
    case 'decomposition':
      return 'The work is broken down'
  }
}
