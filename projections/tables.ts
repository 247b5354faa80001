// The read models' rows as the queries see them; each projection's file holds the definition of its tables.
import type { JsonValue } from '../schemas/json-value.ts'

export interface SessionRow {
  readonly org: string
  readonly id: string
  readonly status: string
  readonly title: string
  readonly outcome: string | null
  readonly chain: string | null
  readonly alert_id: string | null
  readonly severity: string | null
  readonly kind: string
  readonly waiting: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly started_at: string
  readonly first_finding_at: string | null
  readonly ended_at: string | null
  readonly version: number
  readonly last_sequence: number
  /** The whole session as the API shows it. */
  readonly document: JsonValue
  readonly search: string
}

export interface TimelineRow {
  readonly org: string
  readonly session_id: string
  readonly sequence: number
  readonly index: number
  readonly at: string
  readonly kind: string
  readonly title: string
  readonly text: string
  readonly data: JsonValue
}

export interface AlertRow {
  readonly org: string
  readonly id: string
  readonly status: string
  readonly severity: string
  readonly title: string
  readonly source: string
  readonly fingerprint: string
  readonly occurrences: number
  readonly episode: number
  readonly session_id: string | null
  readonly session_status: string | null
  readonly first_seen: string
  readonly last_seen: string
  readonly last_sequence: number
  readonly alert: JsonValue
  readonly labels: Readonly<Record<string, string>>
  readonly search: string
}

/** One time an alert was heard of. */
export interface ArrivalRow {
  readonly org: string
  readonly sequence: number
  readonly index: number
  readonly alert_id: string
  readonly at: string
  readonly kind: 'opened' | 'joined' | 'resolved'
}

export interface ToolCallRow {
  readonly org: string
  readonly id: string
  readonly session_id: string
  readonly execution_id: string
  readonly turn: number
  readonly name: string
  readonly server: string | null
  readonly tool: string | null
  readonly effect: string | null
  readonly status: string
  readonly arguments: JsonValue
  readonly result: JsonValue
  readonly attempts: number
  readonly requested_at: string
  readonly begun_at: string | null
  readonly settled_at: string | null
  readonly duration_ms: number | null
  readonly late: boolean
}

export interface InputRow {
  readonly org: string
  readonly id: string
  readonly session_id: string
  readonly kind: string
  readonly status: string
  readonly question: JsonValue
  readonly requested_at: string
  readonly expires_at: string
  readonly answer: JsonValue
  readonly answered_by: JsonValue
  readonly closed_at: string | null
  readonly last_sequence: number
}

export interface TaskRow {
  readonly org: string
  readonly id: string
  readonly status: string
  readonly labels: Readonly<Record<string, string>>
  readonly created_at: string
  readonly last_sequence: number
  /** The whole task as the API shows it. */
  readonly document: JsonValue
}

export interface ChatRow {
  readonly org: string
  readonly session_id: string
  readonly number: number
  /** The question and its answer as the API shows them. */
  readonly document: JsonValue
  readonly last_sequence: number
}

export interface EvaluationRow {
  readonly org: string
  readonly session_id: string
  readonly sequence: number
  readonly at: string
  readonly case_id: string
  readonly tags: readonly string[]
  readonly passed: boolean
  /** The run as the API shows it. */
  readonly document: JsonValue
}

export interface AuditRow {
  readonly sequence: number
  readonly subject: string
  readonly org: string | null
  readonly category: string | null
  readonly stream: string | null
  readonly version: number | null
  readonly at: string | null
  readonly command_id: string | null
  readonly actor: string | null
  readonly types: readonly string[]
  readonly hash: string | null
  readonly headers: JsonValue
  readonly payload: string
  readonly error: string | null
}

/** Under their bare names: which schema they lie in is said where a query begins. */
export interface Tables {
  readonly sessions: SessionRow
  readonly timeline: TimelineRow
  readonly alerts: AlertRow
  readonly alert_arrivals: ArrivalRow
  readonly tool_calls: ToolCallRow
  readonly inputs: InputRow
  readonly chat: ChatRow
  readonly tasks: TaskRow
  readonly evaluations: EvaluationRow
  readonly commits: AuditRow
}
