// The bus gateway's port to request/reply messaging.
export interface BusRequest {
  /** As the subject names it; not yet checked. */
  readonly org: string
  readonly name: string
  readonly payload: string
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>
}

export interface BusPort {
  /**
   * Answers every request on `casebook.request.<org>.<Name>`; one process of several takes each. The handler never throws.
   * @returns the way to stop, which lets what is under way be answered.
   */
  serveRequests(handler: (request: BusRequest) => Promise<string>): () => Promise<void>
}
