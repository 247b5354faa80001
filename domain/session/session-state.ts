// What a session is, folded from its events: everything a decision, a prompt or a resumed handler needs to know.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventData } from '../../schemas/events.ts'
import type { ExecutionId, SessionId, StageId, ToolCallId } from '../../schemas/ids.ts'
import type { Cause, PlannedStage, SessionOutcome, ToolOutcome, TurnMode } from '../../schemas/session-events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import type { OfferedTool, UnavailableServer } from '../../schemas/tool.ts'

export interface AbsentSession {
  readonly status: 'absent'
}

export interface PresentSession {
  /** `queued` until a plan is adopted, `summarizing` while only the executive summary is missing. */
  readonly status: 'queued' | 'running' | 'summarizing' | SessionOutcome
  readonly id: SessionId
  readonly started: EventData<'session.started'>
  readonly plan: EventData<'session.plan_adopted'> | null
  /** In the order they were planned. */
  readonly stages: Readonly<Record<StageId, Stage>>
  readonly executions: Readonly<Record<ExecutionId, Execution>>
  readonly toolCalls: Readonly<Record<ToolCallId, ToolCall>>
  readonly finalAnalysis: StoredText | null
  /** Number of the summary's attempt that is under way; 0 when none was asked for. */
  readonly summaryAttempt: number
  readonly summary: string | null
  readonly notedOccurrences: readonly string[]
  readonly ended: EventData<'session.ended'> | null
}

export type SessionState = AbsentSession | PresentSession

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
  /** Why it ended badly. */
  readonly cause: Cause | null
}

export interface OpenTurn {
  readonly turn: number
  readonly attempt: number
  readonly mode: TurnMode
}

/** One answered turn: what the model said and which calls it led to. */
export interface Turn {
  readonly turn: number
  readonly mode: TurnMode
  readonly text: StoredText
  readonly toolCalls: readonly ToolCallId[]
}

export interface ToolCall {
  readonly id: ToolCallId
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
}

export const absentSession: SessionState = { status: 'absent' }

export const hasEnded = (state: PresentSession): boolean => state.ended !== null

/** A call that will change nothing more: refused or recorded. */
export const isSettled = (call: ToolCall): boolean => call.status !== 'requested' && call.status !== 'begun'
