// What a session is, folded from its events: everything a decision, a prompt or a resumed handler needs to know.
import type { Actor } from '../../schemas/actor.ts'
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { Cause, SessionOutcome } from '../../schemas/cause.ts'
import type { ConclusionReading } from '../../schemas/conclusion.ts'
import type { EventData } from '../../schemas/events.ts'
import type { ExecutionId, InputId, MessageId, SessionId, StageId, ToolCallId } from '../../schemas/ids.ts'
import type { InputAnswer, InputQuestion } from '../../schemas/session-inputs.ts'
import type { PlannedStage } from '../../schemas/session-plan.ts'
import type { TurnMode, TurnReason } from '../../schemas/session-turn-events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import type { OfferedTool, ToolOutcome, UnavailableServer } from '../../schemas/tool.ts'
import type { PersistentMap } from '../persistent-map.ts'

export interface AbsentSession {
  readonly status: 'absent'
}

export interface PresentSession {
  /** `queued` until a plan is adopted and, where it waits for one, a place is free; `summarizing` while only the executive summary is missing. */
  readonly status: 'queued' | 'running' | 'summarizing' | SessionOutcome
  readonly id: SessionId
  readonly started: EventData<'session.started'>
  readonly plan: EventData<'session.plan_adopted'> | null
  /** In the order they were planned. */
  readonly stages: Readonly<Record<StageId, Stage>>
  readonly executions: Readonly<Record<ExecutionId, Execution>>
  /** In the order in which they were asked for. */
  readonly toolCalls: PersistentMap<ToolCallId, ToolCall>
  readonly finalAnalysis: StoredText | null
  /** What it says as data. */
  readonly reading: ConclusionReading
  /** Number of the summary's attempt that is under way; 0 when none was asked for. */
  readonly summaryAttempt: number
  /** Which of the models to fall back on is asked for it, from 1, and attempts that were another model's. */
  readonly summaryFallback: number
  readonly summaryAttemptsBefore: number
  readonly summary: string | null
  readonly notedOccurrences: readonly string[]
  readonly inputs: PersistentMap<InputId, Input>
  /** Of those that are open: what rules look at after every event. */
  readonly openInputs: readonly InputId[]
  /** Tools a person has approved for the rest of the session, by the name the model sees. */
  readonly approvedTools: readonly string[]
  readonly messages: PersistentMap<MessageId, Message>
  /** Of those that nobody has been given yet. */
  readonly unheard: readonly MessageId[]
  /** Sessions that were started from this one. */
  readonly children: Readonly<Record<SessionId, Child>>
  /** Commands that sent them. */
  readonly messageCommands: readonly string[]
  readonly paused: boolean
  /** When its first agent started: what wall time is counted from. */
  readonly startedAt: string | null
  readonly used: Usage
  /** Budgets that were reached, by `budgetKey`. */
  readonly reached: Readonly<Record<string, ReachedBudget>>
  /** Models without a known price that a budget in dollars had to do with, as `<provider>/<model>`. */
  readonly unpriced: readonly string[]
  readonly ended: EventData<'session.ended'> | null
  /** Why it is under a legal hold. */
  readonly held: string | null
  /** Nothing is recorded any more. */
  readonly erasing: boolean
  /** Where its history up to its own first event is from; null when it began by itself. */
  readonly fork: Fork | null
}

export type SessionState = AbsentSession | PresentSession

export interface Fork {
  readonly from: EventData<'session.forked'>['from']
  readonly kind: EventData<'session.forked'>['kind']
  readonly changes: EventData<'session.forked'>['changes']
  /** What had been used in the history it shares: its own counts begin at zero. */
  readonly inherited: Usage
  readonly drift: EventData<'session.drift_recorded'> | null
}

export interface Stage {
  readonly id: StageId
  readonly name: string
  readonly index: number
  readonly status: 'planned' | 'running' | SessionOutcome
  readonly planned: PlannedStage
  /** What it waits for, as things stand: a stage that is run again takes the place of its first run. */
  readonly dependsOn: readonly StageId[]
  /** The later run of this stage; then this one decides nothing any more. */
  readonly repeatedBy: StageId | null
}

export interface Execution {
  readonly id: ExecutionId
  readonly stageId: StageId
  readonly agent: PinnedAgent
  readonly status: 'planned' | 'running' | SessionOutcome
  /** The clock the agent is told; null until it started. */
  readonly startedAt: string | null
  /** null until the tools were listed. */
  readonly tools: readonly OfferedTool[] | null
  readonly unavailable: readonly UnavailableServer[]
  readonly turns: readonly Turn[]
  /** The turn the model is asked for now. */
  readonly openTurn: OpenTurn | null
  readonly conclusion: StoredText | null
  /** What it says as data. */
  readonly reading: ConclusionReading
  /** Why it ended badly. */
  readonly cause: Cause | null
  /** With what its helpers used. */
  readonly used: Usage
  /** Its own summary of the turns up to this one, in their place. */
  readonly compacted: { readonly throughTurn: number; readonly text: StoredText } | null
  /** Loops noticed so far, and the turn up to which they are dealt with. */
  readonly loops: number
  readonly loopsSeenUntil: number
  readonly loopEvidence: string
  /** Models of its fallback list that it has gone on to. */
  readonly switches: number
  /** Attempts at the open turn that were another model's. */
  readonly attemptsBefore: number
  /** Absent for the agents of the plan. */
  readonly helper: HelperOf | null
  /** What a person asked once the session had ended, when this execution answers it. */
  readonly question: Question | null
}

/** It waits while its execution is planned: answers are given one after another. */
export interface Question {
  readonly text: StoredText
  readonly by: Actor
  readonly at: string
  readonly commandId: string
}

/** What makes an execution a helper: it works for another one, on a task of its own, for a while. */
export interface HelperOf {
  readonly parentId: ExecutionId
  readonly task: string
  readonly depth: number
  readonly deadline: string
  /** True once its parent has its report. */
  readonly reported: boolean
}

export interface Usage {
  readonly tokens: number
  /** Millionths of a US dollar. */
  readonly costMicros: number
  readonly toolCalls: number
}

export interface ReachedBudget {
  /** The limit as it stands, with what was granted since. */
  readonly limit: number
  /** `waiting` for a person, `raised` by one, or everybody it holds for is `finishing`. */
  readonly status: 'waiting' | 'raised' | 'finishing'
}

/** Something a person is asked; the first answer wins. */
export interface Input {
  readonly id: InputId
  readonly question: InputQuestion
  readonly expiresAt: string
  readonly status: 'open' | 'answered' | 'expired' | 'withdrawn'
  readonly answer: InputAnswer | null
  readonly by: Actor | null
}

export interface Child {
  readonly id: SessionId
  readonly title: string
  readonly relation: EventData<'session.child_started'>['relation']
  readonly status: 'running' | SessionOutcome
  readonly awaited: boolean
  /** Of the agent that asked; null when a person did. */
  readonly executionId: ExecutionId | null
  readonly toolCallId: ToolCallId | null
  readonly report: StoredText | null
}

export interface Message {
  readonly id: MessageId
  readonly from: EventData<'session.message_sent'>['from']
  readonly to: EventData<'session.message_sent'>['to']
  readonly text: StoredText
  readonly deliveredTo: ExecutionId | null
}

export interface OpenTurn {
  readonly turn: number
  readonly attempt: number
  readonly mode: TurnMode
  readonly why: TurnReason | null
  readonly delivers: readonly MessageId[]
  /** The attempt failed or was held, and nothing was asked for after it: the session is paused or waits. */
  readonly failed: boolean
  /** What had arrived of the reply when it broke off; empty when nothing had. */
  readonly partial: string
}

/** One answered turn: what the model said and which calls it led to. */
export interface Turn {
  readonly turn: number
  readonly mode: TurnMode
  readonly why: TurnReason | null
  readonly delivers: readonly MessageId[]
  readonly text: StoredText
  readonly toolCalls: readonly ToolCallId[]
}

export interface ToolCall {
  readonly id: ToolCallId
  /** Among the calls of the session, 1-based: how agents name it. */
  readonly number: number
  readonly executionId: ExecutionId
  readonly turn: number
  readonly name: string
  /** The arguments as the model wrote them: what it is shown again. */
  readonly written: string
  readonly status: 'requested' | 'begun' | 'refused' | ToolOutcome
  /** Absent when the call was refused. */
  readonly request: EventData<'session.tool_call_requested'> | null
  readonly attempt: number
  readonly result: StoredText | null
  /** Where the agent is not to be shown the result itself; null where it is, and until it has arrived. */
  readonly condensed: Condensed | null
}

/** `failed`: nothing was asked for after the attempt, because the session is paused. */
export type Condensed =
  | {
      readonly status: 'requested' | 'failed'
      readonly attempt: number
      /** Who is asked instead of the model of the settings, and attempts that were another model's. */
      readonly by?: EventData<'session.result_summary_requested'>['by']
      readonly attemptsBefore: number
    }
  | {
      readonly status: 'done'
      readonly how: EventData<'session.result_summarized'>['how']
      readonly text: StoredText
    }

export const nothingUsed: Usage = { tokens: 0, costMicros: 0, toolCalls: 0 }

export const absentSession: SessionState = { status: 'absent' }

/** It has its plan, and begins when there is a place for it. */
export const waitsForPlace = ({ status, plan }: PresentSession): boolean => status === 'queued' && plan !== null

/** A call that will change nothing more: refused or recorded. */
export const isSettled = (call: ToolCall): boolean => call.status !== 'requested' && call.status !== 'begun'
