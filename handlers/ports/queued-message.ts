// What handlers know of a message in a durable queue: as it came, at least once, until it is settled.
export interface QueuedMessage {
  readonly payload: string
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>
  /** When the queue took it in: the same at every redelivery. */
  readonly queuedAt: Date
  /** Names this message among all of the queue: the same at every redelivery. */
  readonly id: string
  readonly deliveries: number
  done(): void
  later(delayMs: number): void
  working(): void
  park(reason: ParkReason): Promise<void>
}

export interface ParkReason {
  readonly code: string
  readonly message: string
}
