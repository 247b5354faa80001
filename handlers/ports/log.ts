// The port to the process log: structured fields first, then a sentence. Never secrets, never whole payloads.

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

export interface Log {
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}
