// Time-outs of a model stream: for its first token, between tokens, and for the whole call.
import { ModelFailed } from '../../handlers/ports/language-model.ts'

export interface StreamTimeouts {
  readonly firstTokenMs: number
  readonly stallMs: number
  readonly callMs: number
}

export interface StreamWatch {
  /** Fires on a time-out or when the caller aborts. */
  readonly signal: AbortSignal
  /** A token arrived: from now on the stream may not stall. */
  alive(): void
  /** The time-out that fired, if one did. */
  timedOut(): ModelFailed | null
  stop(): void
}

export const watchStream = (timeouts: StreamTimeouts, where: string, outer: AbortSignal): StreamWatch => {
  const own = new AbortController()
  let failure: ModelFailed | null = null
  const after = (ms: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      failure = new ModelFailed('timeout', `${where}: ${what} within ${ms / 1000} s`)
      own.abort(failure)
    }, ms)
  const firstToken = after(timeouts.firstTokenMs, 'no first token')
  const call = after(timeouts.callMs, 'the reply was not complete')
  let stall: NodeJS.Timeout | null = null
  return {
    signal: AbortSignal.any([outer, own.signal]),
    alive: () => {
      clearTimeout(firstToken)
      stall = stall?.refresh() ?? after(timeouts.stallMs, 'the stream stalled: nothing arrived')
    },
    timedOut: () => failure,
    stop: () => {
      for (const timer of [firstToken, call, stall]) clearTimeout(timer ?? undefined)
    },
  }
}
