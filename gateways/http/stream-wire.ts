// What an event stream is written to: the part that differs between server-sent events and WebSocket.
export interface Frame {
  readonly event: string
  readonly data: unknown
  /** Only frames a client may resume from carry one. */
  readonly id?: number | undefined
}

/** `broken` is our trouble; the client resumes. */
export type Ending = 'stopping' | 'lagged' | 'broken'

export interface StreamWire {
  /** How a client says where it resumes. */
  readonly resume: string
  /** Never waits. */
  send(frame: Frame): void
  beat(): void
  /** Bytes the client has not taken yet. */
  waiting(): number
  /** True until the client has taken what is waiting. */
  full(): boolean
  /** Ends it behind what was sent; a client that does not take that is cut off after the grace. */
  close(why: Ending, graceMs: number): void
  onTaken(listener: () => void): void
  /** The client has left, or the connection is lost. */
  onClosed(listener: () => void): void
}
