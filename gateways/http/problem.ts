// Every "no" of the HTTP door as RFC 9457 problem documents, from one table of codes.
import { z } from 'zod'
import { CasebookError } from '../../schemas/casebook-error.ts'

export const problem = z
  .object({
    /** `urn:casebook:problem:<code>`: looked up in docs/errors.md. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** The path asked for. */
    instance: z.string(),
    code: z.string(),
    correlationId: z.string(),
    /** One a field, when the input is wrong. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** How far a projection is behind, when that is the reason. */
    lag: z.int().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>

export interface FieldError {
  readonly path: string
  readonly message: string
}

export interface ProblemFacts {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly errors?: readonly FieldError[] | undefined
  /** Seconds; makes a `Retry-After`. */
  readonly retryAfter?: number | undefined
  readonly lag?: number | undefined
}

/** What this door itself refuses. */
export class RequestRefused extends CasebookError {
  readonly retryable = false
  readonly code: RefusalCode
  readonly errors: readonly FieldError[] | undefined
  readonly lag: number | undefined

  constructor(
    code: RefusalCode,
    message: string,
    extra: { readonly errors?: readonly FieldError[]; readonly lag?: number } = {},
  ) {
    super(message)
    this.code = code
    this.errors = extra.errors
    this.lag = extra.lag
  }
}

/** The only place where a code becomes a status. */
const table = {
  invalid_request: [400, 'The request is not valid'],
  invalid_command: [400, 'The command is not valid'],
  invalid_alert: [400, 'No alert of the request is valid'],
  invalid_cursor: [400, 'The cursor is not valid'],
  malformed_json: [400, 'The body is not JSON'],
  too_deep: [400, 'The body is nested too deeply'],
  version_out_of_range: [400, 'The session has no such version'],
  sequence_out_of_range: [400, 'The log has no such message'],
  as_of_not_found: [404, 'There is no read model of that time'],
  as_of_too_far: [422, 'Too many messages would be read'],
  unauthorized: [401, 'A bearer token is needed'],
  command_forbidden: [403, 'The command is reserved'],
  host_forbidden: [403, 'The host is not served'],
  origin_forbidden: [403, 'The origin may not do this'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The path does not know this method'],
  unknown_command: [404, 'There is no such command'],
  unknown_projection: [404, 'There is no such projection'],
  session_not_found: [404, 'There is no such session'],
  blob_not_found: [404, 'The session names no such blob'],
  alert_not_found: [404, 'There is no such alert'],
  task_not_found: [404, 'There is no such task'],
  person_not_found: [404, 'There is no such person'],
  import_conflict: [409, 'Something of the import exists here otherwise'],
  lines_refused: [422, 'The import was refused'],
  import_broken_off: [503, 'The import broke off'],
  count_changed: [409, 'It is another number now'],
  task_exists: [409, 'The task exists'],
  task_not_scheduled: [409, 'No run of the task is ahead'],
  execution_not_found: [404, 'There is no such execution'],
  tool_call_not_found: [404, 'There is no such tool call'],
  source_changed: [409, 'The source is another one'],
  change_not_possible: [422, 'The change is not possible'],
  input_not_found: [404, 'There is no such input'],
  dead_letter_not_found: [404, 'There is no such dead letter'],
  dead_letter_settled: [409, 'The dead letter is settled'],
  input_closed: [409, 'The input is closed'],
  execution_not_running: [409, 'The agent is not at work'],
  nobody_listening: [409, 'No agent is at work'],
  session_erased: [410, 'The session was erased'],
  erasure_unsafe: [409, 'This log cannot erase'],
  legal_hold: [409, 'The session is under a legal hold'],
  fork_held: [409, 'A fork of the session is under a legal hold'],
  fork_source_changed: [410, 'The history that the session shares is gone'],
  session_not_ended: [409, 'The session has not ended'],
  nobody_to_ask: [409, 'The session had no agents'],
  too_many_questions: [409, 'Too many questions wait'],
  answer_not_fitting: [422, 'The answer does not fit the question'],
  session_ended: [409, 'The session has ended'],
  session_paused: [409, 'The session is paused'],
  session_exists: [409, 'The session exists'],
  plan_already_adopted: [409, 'The session has its plan'],
  turn_not_found: [404, 'There is no such turn'],
  turn_not_open: [409, 'The turn is not open'],
  tool_call_not_repeatable: [409, 'The tool call may not be repeated'],
  other_version_serves: [409, 'Another version serves'],
  body_too_large: [413, 'The body is too large'],
  commit_too_large: [413, 'The command is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  idempotency_conflict: [422, 'The key was used with another body'],
  queue_full: [429, 'The queue is full'],
  too_many_as_of: [429, 'Too many read models of other times'],
  unexpected: [500, 'Something unexpected failed'],
  projection_behind: [503, 'The read model is behind'],
  log_unavailable: [503, 'The log is away'],
  archive_unavailable: [503, 'The archive does not answer'],
  archive_not_configured: [409, 'There is no archive'],
  archive_empty: [409, 'The archive is empty'],
  log_full: [503, 'The log is full'],
  copy_behind: [503, 'The second copy is behind'],
  database_unavailable: [503, 'The database is away'],
  concurrency_exhausted: [503, 'Too many writers at once'],
  no_answer_in_time: [503, 'No answer in time'],
  shutting_down: [503, 'Shutting down'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>

type KnownCode = keyof typeof table
export type RefusalCode = Exclude<KnownCode, 'unexpected'>

const isKnown = (code: string): code is KnownCode => Object.hasOwn(table, code)

/** More than anybody mends at once; the rest would only be weight. */
const maxErrors = 50

/** A code that is not in the table is retryable (503) or unexpected (500). */
export const factsOf = (
  code: string,
  detail: string,
  extra: {
    readonly errors?: readonly FieldError[] | undefined
    readonly retryable?: boolean
    readonly lag?: number | undefined
  } = {},
): ProblemFacts => {
  const [status, title] = isKnown(code)
    ? table[code]
    : extra.retryable === true
      ? ([503, 'Not available now'] as const)
      : table.unexpected
  return {
    code,
    status,
    title,
    detail,
    ...(extra.errors !== undefined && { errors: extra.errors.slice(0, maxErrors) }),
    ...(extra.lag !== undefined && { lag: extra.lag }),
    ...(status === 503 && { retryAfter: code === 'projection_behind' ? 1 : 2 }),
    ...(status === 429 && { retryAfter: 10 }),
  }
}

export const problemOf = (facts: ProblemFacts, instance: string, correlationId: string): Problem => ({
  type: `urn:casebook:problem:${facts.code}`,
  title: facts.title,
  status: facts.status,
  detail: facts.detail,
  instance,
  code: facts.code,
  correlationId,
  ...(facts.errors !== undefined && { errors: [...facts.errors] }),
  ...(facts.lag !== undefined && { lag: facts.lag }),
})
