// Libraries warn on the console: their words become lines of the log, masked like any other.
import { format } from 'node:util'
import type { Log } from '../handlers/ports/log.ts'

/** The MCP SDK quotes authorization servers word for word. What they said is told where it belongs: with the server that could not be asked. */
const quoted = / Cause: .*$/s

/** @returns gives the console back. */
export const takeOverWarnings = (log: Pick<Log, 'warn'>): (() => void) => {
  const { warn } = console
  console.warn = (...words: unknown[]) => log.warn({ by: 'library' }, format(...words).replace(quoted, ''))
  return () => {
    console.warn = warn
  }
}
