// What the live stream says, read by hand at the edge: a validator would double the size of the first page.
export interface CommitFrame {
  readonly sequence: number
  readonly stream: { readonly category: string; readonly id: string }
  readonly version: number
  /** Absent or false: its events come with their data. */
  readonly brief?: boolean
  readonly correlationId?: string
  readonly events: readonly FrameEvent[]
}

export interface FrameEvent {
  /** As it is stored, such as `casebook.session.started.v1`. */
  readonly type: string
  readonly id?: string
  readonly time?: string
  readonly version?: number
  readonly data?: unknown
}

/** Text as a model writes it. `offset` says where it belongs: what comes again replaces what was there. */
export interface DeltaFrame {
  readonly executionId: string
  readonly turn: number
  readonly attempt: number
  readonly kind: 'text' | 'thinking' | 'tool_arguments' | 'tool_progress'
  readonly toolIndex?: number
  readonly toolName?: string
  readonly toolCallId?: string
  readonly offset: number
  readonly text: string
}

type Shape = Readonly<Record<string, 'string' | 'number' | 'object'>>

const has = (value: unknown, shape: Shape): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(shape).every(([name, type]) => typeof Reflect.get(value, name) === type)

/** The parts every reader relies on; a frame without them is a newer server's, and is passed over. */
export const isCommitFrame = (value: unknown): value is CommitFrame =>
  has(value, { sequence: 'number', version: 'number', stream: 'object', events: 'object' })

export const isDeltaFrame = (value: unknown): value is DeltaFrame =>
  has(value, {
    executionId: 'string',
    turn: 'number',
    attempt: 'number',
    kind: 'string',
    offset: 'number',
    text: 'string',
  })
