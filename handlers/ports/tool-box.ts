// The agent's port to tools: one isolated set of server sessions per execution.
import type { ElicitedContent } from '../../schemas/elicitation.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { OfferedTool, ToolDrift, UnavailableServer } from '../../schemas/tool.ts'

export interface ToolListing {
  readonly tools: readonly OfferedTool[]
  /** Servers that could not be reached or listed; the agent is told. */
  readonly unavailable: readonly UnavailableServer[]
}

export interface ToolCallRequest {
  readonly executionId: string
  readonly server: string
  readonly tool: string
  readonly arguments: JsonValue
  /** Travels to the server as the idempotency key of the call. */
  readonly toolCallId: string
  /** The tool as it is pinned on the log; a server that has changed it since is not called. */
  readonly offered?: Pick<OfferedTool, 'inputSchema' | 'effect'> | undefined
  readonly traceparent?: string | undefined
}

export type ToolCallResult =
  /** The server answered; `isError` is the tool's own word. */
  | {
      readonly kind: 'answered'
      readonly isError: boolean
      readonly text: string
      /** Non-text parts, decoded, and structured content that the text does not hold. */
      readonly attachments: readonly { readonly type: string; readonly mediaType: string; readonly bytes: Uint8Array }[]
    }
  /** The call certainly did not run: no such server, could not connect, refused by the protocol. */
  | { readonly kind: 'not_run'; readonly message: string }
  /** The call may have run: it timed out, or the connection broke while it was under way. */
  | { readonly kind: 'unknown'; readonly message: string }

/** What is known of a server, from its use and from asking it at an interval while executions use it. */
export interface ToolServerHealth {
  readonly server: string
  /** `unknown`: nobody has used it since this process began. */
  readonly status: 'up' | 'down' | 'unknown'
  /** The revision of MCP that is spoken with it. */
  readonly revision?: string | undefined
  /** Why it is down. */
  readonly reason?: string | undefined
  /** Since when it is so. */
  readonly since?: Date | undefined
  readonly checkedAt?: Date | undefined
  /** Executions that hold a session with it now. */
  readonly executions: number
  /** As the server listed them last; absent until it has. */
  readonly tools?: readonly OfferedTool[] | undefined
  readonly listedAt?: Date | undefined
  /** Between one listing and the next since this process began, the latest first, the last twenty. */
  readonly drift?: readonly ToolDrift[] | undefined
}

/** How far a call is, by the server's own word. */
export interface ToolProgress {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

/** What a server asks in the middle of a call, unchecked but for the secrets it was given, which are taken out. */
export interface ToolQuestion {
  readonly mode: 'form' | 'url'
  readonly message: string
  readonly requestedSchema?: unknown
  readonly url?: string | undefined
}

export type ToolAnswer =
  | { readonly action: 'accept'; readonly content?: ElicitedContent | undefined }
  | { readonly action: 'decline' | 'cancel' }

/** How the caller of a tool takes part in its call. */
export interface ToolCallListener {
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined
  /** Absent: whatever is asked is cancelled. One question at a time; while it waits, the call's time stands still. */
  readonly ask?: ((question: ToolQuestion) => Promise<ToolAnswer>) | undefined
}

export interface ToolBox {
  /** Lists the tools of the named servers; never throws for a server that is down. */
  list(executionId: string, servers: readonly string[], signal: AbortSignal): Promise<ToolListing>
  /** Never throws for a failing tool; AbortError when the signal fires. */
  call(request: ToolCallRequest, signal: AbortSignal, listener?: ToolCallListener): Promise<ToolCallResult>
  /** Ends the server sessions of an execution. */
  release(executionId: string): Promise<void>
}
