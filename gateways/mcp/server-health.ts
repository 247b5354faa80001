// Which tool servers are there: noted from their use and from asking them, told once when one is lost and once when it is back.
import { maskText } from '../../domain/masking/mask.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { ToolServerHealth } from '../../handlers/ports/tool-box.ts'

export interface ServerHealth {
  up(server: string, revision?: string): void
  down(server: string, reason: string): void
  of(server: string): Omit<ToolServerHealth, 'server' | 'executions'>
}

type Note = Omit<ToolServerHealth, 'server' | 'executions'>

export const createServerHealth = (
  log: Pick<Log, 'warn'> | undefined,
  now: () => Date = () => new Date(),
): ServerHealth => {
  const notes = new Map<string, Note>()

  const note = (server: string, next: Pick<Note, 'status' | 'reason' | 'revision'>): Note['status'] => {
    const before = notes.get(server)
    const checkedAt = now()
    const since = before?.status === next.status ? before.since : checkedAt
    notes.set(server, { ...next, revision: next.revision ?? before?.revision, since, checkedAt })
    return before?.status ?? 'unknown'
  }

  return {
    up: (server, revision) => {
      if (note(server, { status: 'up', revision }) !== 'down') return
      log?.warn({ server }, 'A tool server is back.')
    },
    down: (server, said) => {
      // What a server says of itself goes to answers and to the process log.
      const reason = maskText(said, { groups: ['secrets'] }).text
      if (note(server, { status: 'down', reason }) === 'down') return
      log?.warn({ server, reason }, 'A tool server is lost; agents go on without its tools until it is back.')
    },
    of: (server) => notes.get(server) ?? { status: 'unknown' },
  }
}
