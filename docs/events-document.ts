// The reference of every event, written from the schemas so that it can never say something else than they do.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import { pinnedAgent } from '../schemas/agent-definition.ts'
import { normalisedAlert } from '../schemas/alert.ts'
import { budget, sessionBudgets } from '../schemas/budget.ts'
import { cause } from '../schemas/cause.ts'
import { cloudEvent } from '../schemas/commit.ts'
import { evidence, finding } from '../schemas/conclusion.ts'
import { configurationChange } from '../schemas/configuration-events.ts'
import { elicitationField, elicitationRequest } from '../schemas/elicitation.ts'
import { presentVersion } from '../schemas/event-reader.ts'
import { type EventType, eventData, eventShapes, isEventType, storedType } from '../schemas/events.ts'
import { forkChanges, pinnedForkPoint } from '../schemas/fork.ts'
import { alertId, executionId, inputId, messageId, sessionId, stageId, taskId, toolCallId } from '../schemas/ids.ts'
import { jsonValue } from '../schemas/json-value.ts'
import { bookedUsage } from '../schemas/ledger-events.ts'
import { modelIdentity, tokenUsage } from '../schemas/model.ts'
import { overrides } from '../schemas/overrides.ts'
import { inputAnswer, inputQuestion } from '../schemas/session-inputs.ts'
import { sessionOrigin } from '../schemas/session-origin.ts'
import { extensionReason, plannedStage, sessionLimits, successPolicy } from '../schemas/session-plan.ts'
import { recordedToolCall } from '../schemas/session-turn-events.ts'
import { blobRef, storedText } from '../schemas/stored-text.ts'
import { taskRepeat } from '../schemas/task-events.ts'
import { offeredTool, unavailableServer } from '../schemas/tool.ts'
import { toolPolicy, toolRule } from '../schemas/tool-policy.ts'

/** A new event type without a sentence here does not compile. */
const meanings: Readonly<Record<EventType, string>> = {
  'session.started': 'Somebody or an alert asked for an investigation.',
  'session.forked':
    'The first event of a session that goes on from another one: it shares what happened there up to `from.at`, and changes something.',
  'session.drift_recorded': 'A replay has ended: how it went beside the session it replays.',
  'session.plan_adopted': 'The chain is chosen, and everything the session runs under is pinned by value.',
  'session.plan_extended':
    'The plan grows: a failed stage is run again, or a review sends the work back for another cycle.',
  'session.admitted': 'A place is free for a session that waited for one: it begins.',
  'session.limit_reached': "A loop's cycles or the session's hop budget ended what would have gone on.",
  'session.stage_started': 'A stage of the plan begins.',
  'session.execution_started': 'An agent begins to work in a stage.',
  'session.helper_dispatched':
    'An agent hands a task to a helper, which works beside it under an execution of its own.',
  'session.helper_reported': "A helper's report has reached the agent that called on it.",
  'session.tools_offered': 'The tools an agent may call, as their servers listed them at its first turn.',
  'session.turn_requested': 'The model is to be asked: what the agent runner reacts to.',
  'session.model_replied': 'The model answered a turn.',
  'session.context_compacted':
    'The conversation had grown too long: the agent goes on from its own summary of the older turns.',
  'session.loop_detected': 'An agent went round in circles: it is told once, and made to conclude the second time.',
  'session.provider_switched':
    'The model failed for good; the next one of the agent’s fallback list is asked from here on.',
  'session.model_failed': 'One attempt at a turn failed. What follows is decided by its class.',
  'session.tool_call_requested':
    'A call the model proposed is valid and is to be run: what the tool executor reacts to.',
  'session.tool_call_refused': 'A call the model proposed is not run; the model is told why.',
  'session.tool_call_begun':
    'A process is about to run the call. Without a record after it, the call may or may not have run.',
  'session.tool_call_recorded': 'The outcome of a call.',
  'session.result_summary_requested':
    'A result is longer than its agent is to be shown: what the result summarizer reacts to.',
  'session.result_summary_failed': 'One attempt at such a summary failed.',
  'session.result_summarized':
    'What the agent is shown in the place of a long result: a summary, or an excerpt where no model could write one.',
  'session.execution_ended': 'An agent is done, with its conclusion or the cause of its failure.',
  'session.stage_ended': 'All agents of a stage are done.',
  'session.final_analysis_recorded': 'The conclusion of the last stage becomes the report of the session.',
  'session.summary_requested': 'The executive summary is to be written: what the summarizer reacts to.',
  'session.summary_recorded': 'The executive summary.',
  'session.budget_raised': "Somebody granted more of the org's day in another session: this one goes on.",
  'session.turn_held':
    "A turn was not begun: a budget of the org's day is used up. It is asked for again when that changes.",
  'session.unpriced_noticed':
    'A budget in dollars holds, and this model has no known price: its replies count nothing.',
  'session.summary_failed': 'One attempt at the summary failed. The session completes with or without it.',
  'session.input_requested': 'A person is asked: to approve a call, to answer an agent, or to grant more of a budget.',
  'session.input_answered': 'The first answer; it wins.',
  'session.input_expired': 'Nobody answered in time: the cautious answer is taken.',
  'session.input_withdrawn': 'What asked has ended, so that nobody needs to answer any more.',
  'session.message_sent': 'Somebody said something to an agent, which hears it at its next turn.',
  'session.child_started': 'A session was started from this one, by an agent or a person; it runs in its own stream.',
  'session.child_ended': 'A session that was started from this one has ended, with its report.',
  'session.paused': 'Nothing new begins until the session is resumed; what is under way finishes.',
  'session.resumed': 'The session goes on where it was paused.',
  'session.budget_reached': 'As much was used as may be: the agents it holds for conclude, or a person is asked.',
  'session.alert_noted': 'The alert under investigation fired again, or is over.',
  'session.evaluated': 'It was held against an evaluation case after its end: which checks passed.',
  'session.ended': 'The session is over, and says why. Nothing follows it but late tool results and the chat about it.',
  'session.question_asked':
    'Somebody asks about the session after its end. An agent answers in executions of its own, one question at a time.',
  'alert.fired': 'A new episode of the alert: a session is opened under the id reserved here.',
  'alert.repeated': 'The same episode again: it joins the session that looks into it.',
  'alert.resolved': 'The source says the episode is over.',
  'alert.investigated': 'The session of the episode has ended: the next firing opens a new one.',
  'task.scheduled': 'Somebody wants a session opened at a moment, once or again and again: run 1 is ahead.',
  'task.run_scheduled': 'One more run is ahead.',
  'task.started': 'A run is due: a session is opened under the id reserved here.',
  'task.ended': 'The session of a run has ended.',
  'task.cancelled': 'Runs that have not started never will; sessions under way go on.',
  'session.held': 'A legal hold: nothing erases the session until it is released.',
  'session.hold_released': 'The legal hold is over.',
  'session.erasure_requested': 'The last event of a session that is to be erased.',
  'erasure.recorded': 'The tombstone: who erased the session, when, why, and the hash its chain ended with.',
  'erasure.completed': 'Its commits, and the blobs no other session names, are gone.',
  'ledger.usage_booked': 'Sessions of the org used this much.',
  'ledger.budget_reached': "A budget of the org's day stopped a session.",
  'ledger.budget_raised': 'A person granted more for this day; every session that waits for it goes on.',
  'configuration.loaded':
    'A process loaded a configuration that is not the one in force: sessions begin under it from now on.',
}

const sharedShapes = {
  storedText,
  blobRef,
  cause,
  finding,
  evidence,
  sessionOrigin,
  pinnedForkPoint,
  forkChanges,
  sessionLimits,
  plannedStage,
  pinnedAgent,
  recordedToolCall,
  offeredTool,
  elicitationRequest,
  elicitationField,
  unavailableServer,
  tokenUsage,
  modelIdentity,
  normalisedAlert,
  configurationChange,
  successPolicy,
  extensionReason,
  inputQuestion,
  inputAnswer,
  toolPolicy,
  toolRule,
  sessionBudgets,
  budget,
  overrides,
  taskRepeat,
  bookedUsage,
  actor,
} as const

const shapeNotes: Readonly<Partial<Record<keyof typeof sharedShapes, string>>> = {
  storedText:
    '`text` is everything when there is no `blob`; else the beginning and the end of it, and the blob has the whole.',
  blobRef: 'A value in the object store `casebook_blobs`, under its SHA-256.',
  cause: 'Why something ended. [errors.md](errors.md#causes-of-an-end) has the codes.',
  finding: 'What an agent states, and the tool calls it names for it.',
  plannedStage: 'A stage of the plan with its agents, every field resolved.',
  successPolicy: 'When a stage of several agents has succeeded.',
  inputQuestion: 'What a person is asked.',
  elicitationRequest: 'What an MCP server asks with: a flat form, or a link that people open themselves.',
  toolPolicy: 'Which tool calls are made, asked about or refused. The first rule that matches decides.',
  offeredTool: '`effect` says what may happen when a call is repeated: `unsafe` is never run twice.',
  normalisedAlert: 'An alert of any source in one form, masked.',
}

const words = new Map<z.ZodType, string>([
  [jsonValue, 'any JSON'],
  [sessionId, '`ses_…`'],
  [alertId, '`alr_…`'],
  [stageId, '`stg_…`'],
  [executionId, '`exe_…`'],
  [toolCallId, '`call_…`'],
  [inputId, '`inp_…`'],
  [messageId, '`msg_…`'],
  [taskId, '`tsk_…`'],
])
const names = new Map<z.ZodType, string>(Object.entries(sharedShapes).map(([name, schema]) => [schema, name]))

const asType = (schema: unknown): z.ZodType => (schema instanceof z.ZodType ? schema : z.unknown())

/** @throws TypeError for a kind of schema nobody has written words for yet. */
const typeOf = (schema: z.ZodType, itself?: z.ZodType): string => {
  const word = words.get(schema)
  if (word !== undefined) return word
  const name = names.get(schema)
  if (name !== undefined && schema !== itself) return `[${name}](#${name.toLowerCase()})`
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return typeOf(asType(schema.unwrap()))
  if (schema instanceof z.ZodISODateTime) return 'moment'
  if (schema instanceof z.ZodISODate) return 'day'
  if (schema instanceof z.ZodString) return 'text'
  if (schema instanceof z.ZodURL) return 'address'
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'integer' : 'number'
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodUnknown) return 'by type'
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(', ')
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => `\`${String(value)}\``).join(', ')
  if (schema instanceof z.ZodArray) return `list of ${typeOf(asType(schema.element))}`
  if (schema instanceof z.ZodRecord) return `map of text to ${typeOf(asType(schema.valueType))}`
  if (schema instanceof z.ZodUnion) return schema.options.map((each) => typeOf(asType(each))).join(' or ')
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(
      ([field, type]) => `${fieldName(field, type)} ${typeOf(asType(type))}`,
    )
    return `{ ${fields.join('; ')} }`
  }
  throw new TypeError(
    `No words for a schema of the kind ${schema.constructor.name}; add them to docs/events-document.ts.`,
  )
}

const fieldName = (field: string, type: unknown): string => `\`${field}\`${type instanceof z.ZodOptional ? '?' : ''}`

/** `<container>.<field>` to the one-line comment above the field. */
const readComments = (files: readonly string[]): ReadonlyMap<string, string> => {
  const comments = new Map<string, string>()
  for (const file of files) {
    let container = ''
    let comment = ''
    for (const line of readFileSync(join(import.meta.dirname, '..', 'schemas', file), 'utf8').split('\n')) {
      container = /^(?:export const (\w+) =|\s{2}'([\w.]+)':)/.exec(line)?.slice(1).find(Boolean) ?? container
      const field = /^\s+(\w+)[:,]/.exec(line)?.[1]
      if (comment !== '' && field !== undefined) comments.set(`${container}.${field}`, comment)
      comment = /^\s+\/\*\* (.*) \*\/$/.exec(line)?.[1] ?? ''
    }
  }
  return comments
}

const commentFiles = [
  'session-origin.ts',
  'cause.ts',
  'session-course-events.ts',
  'session-turn-events.ts',
  'session-tool-call-events.ts',
  'session-delegation-events.ts',
  'session-steering-events.ts',
  'session-fork-events.ts',
  'fork.ts',
  'session-plan.ts',
  'session-inputs.ts',
  'conclusion.ts',
  'tool-policy.ts',
  'budget.ts',
  'overrides.ts',
  'alert-events.ts',
  'task-events.ts',
  'configuration-events.ts',
  'ledger-events.ts',
  'erasure-events.ts',
  'alert.ts',
  'agent-definition.ts',
  'commit.ts',
  'model.ts',
  'stored-text.ts',
  'tool.ts',
]

const fieldsOf = (container: string, schema: z.ZodObject, comments: ReadonlyMap<string, string>): string =>
  Object.entries(schema.shape)
    .map(([field, type]) => {
      const comment = comments.get(`${container}.${field}`)
      return `- ${fieldName(field, type)}: ${typeOf(asType(type))}${comment === undefined ? '' : `. ${comment}`}`
    })
    .join('\n')

const shapeSection = (name: string, schema: z.ZodType, comments: ReadonlyMap<string, string>): string =>
  [
    `### ${name}`,
    ...noteOf(name),
    schema instanceof z.ZodObject ? fieldsOf(name, schema, comments) : typeOf(schema, schema),
  ].join('\n\n')

const noteOf = (name: string): readonly string[] =>
  Object.entries(shapeNotes)
    .filter(([shape]) => shape === name)
    .map(([, note]) => note)

const olderVersions = (type: EventType): string =>
  presentVersion(eventShapes, type) > 1 ? '; earlier versions are read as this one' : ''

const eventSections = (prefix: string, comments: ReadonlyMap<string, string>): readonly string[] =>
  Object.entries(eventData).flatMap(([type, schema]) =>
    isEventType(type) && type.startsWith(prefix)
      ? [
          `### ${type}\n\n${meanings[type]} Stored as \`${storedType(type)}\`${olderVersions(type)}.\n\n${fieldsOf(type, schema, comments)}`,
        ]
      : [],
  )

export const eventsDocument = (): string => {
  const comments = readComments(commentFiles)
  return `${[
    '# Events',
    'Written by `npm run docs` from the schemas in `schemas/`; do not edit it by hand. `?` marks a field that may be absent; a moment is ISO 8601 in UTC, a day its date.',
    'Names and fields are the storage format. [A change](changing-events.md) of shape is a new version of the stored type, and older ones are read as the present one; an event of a type this build does not know is kept and shown, and changes no state.',
    '## The envelope',
    'All events of one command on one stream are one message: a CloudEvents 1.0 JSON batch. [bus.md](bus.md) has its subject and headers.',
    fieldsOf('cloudEvent', cloudEvent, comments),
    '## Events of a session',
    ...eventSections('session.', comments),
    '## Events of an alert',
    ...eventSections('alert.', comments),
    '## Events of a task',
    ...eventSections('task.', comments),
    '## Events of the configuration',
    'One stream, `definition/configuration` of the org `default`.',
    ...eventSections('configuration.', comments),
    "## Events of an org's day",
    'One stream, `ledger/<yyyy-mm-dd>`, for each org and day in UTC on which the org has [day budgets](configuration.md#day-budgets).',
    ...eventSections('ledger.', comments),
    '## Events of an erasure',
    'One stream, `erasure/<session id>`: what is left of a session that [was erased](erasure.md).',
    ...eventSections('erasure.', comments),
    '## Shared shapes',
    ...Object.entries(sharedShapes).map(([name, schema]) => shapeSection(name, schema, comments)),
  ].join('\n\n')}\n`
}
