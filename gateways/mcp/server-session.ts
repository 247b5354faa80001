// One session with one MCP server, for one execution: opened at first use, and opened anew when it broke or was forgotten.

import { untilAborted } from '../../handlers/until-aborted.ts'
import { type ConnectionOptions, connectToServer, type OpenSession } from './connect-to-server.ts'

export interface ServerSession {
  /** `work` runs again on a new session when the server had forgotten the first, and so did nothing. Rejects at once on abort. */
  use<T>(signal: AbortSignal, work: (open: OpenSession) => Promise<T>): Promise<T>
  /** Not trusted any more: calls under way may end on it, later ones open a new one. */
  retire(open: OpenSession): void
  /** Resolves when the server is gone. */
  close(): Promise<void>
}

interface Line {
  readonly opened: Promise<OpenSession>
  readonly end: () => Promise<void>
  users: number
  proven: boolean
}

export const createServerSession = (options: ConnectionOptions): ServerSession => {
  let current: Line | null = null
  const lines = new Set<Line>()

  const start = (): Line => {
    const { opened, end } = connectToServer(options, () => forget(line))
    const line: Line = { opened, end, users: 0, proven: false }
    opened.catch(() => forget(line))
    lines.add(line)
    return line
  }

  /** Whatever broke it, the next use opens a new one. */
  const forget = (line: Line): void => {
    if (current === line) current = null
    if (line.users === 0 && lines.delete(line)) void line.end()
  }

  const useLine = async <T>(
    signal: AbortSignal,
    work: (open: OpenSession) => Promise<T>,
    again: boolean,
  ): Promise<T> => {
    signal.throwIfAborted()
    current ??= start()
    const line = current
    line.users++
    let used: OpenSession | null = null
    try {
      const open = await untilAborted(line.opened, signal)
      used = open
      const result = await work(open)
      line.proven = true
      return result
    } catch (error) {
      if (signal.aborted || !again || !line.proven || used?.line.faultOf(error) !== 'forgotten') throw error
      if (current === line) current = null
    } finally {
      line.users--
      if (current !== line) forget(line)
    }
    return useLine(signal, work, false)
  }

  return {
    use: (signal, work) => useLine(signal, work, true),
    retire: (open) => {
      const line = current
      void line?.opened.then(
        (each) => {
          if (each === open) forget(line)
        },
        () => undefined,
      )
    },
    close: async () => {
      current = null
      const all = [...lines]
      lines.clear()
      await Promise.all(all.map(({ end }) => end()))
    },
  }
}
