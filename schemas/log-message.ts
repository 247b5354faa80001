// One message of the log, verbatim: what a copy of the log keeps, and what is written back from it.
import type { LogSequence } from './ids.ts'

export interface LogMessage {
  readonly sequence: LogSequence
  readonly subject: string
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
}
