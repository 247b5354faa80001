// Books what commits of sessions used up in the ledger of their day: those that wait for one another go in one command.
import { LRUCache } from 'lru-cache'
import type { CommandBus } from '../commands/command.ts'
import { newCommandId } from '../commands/new-id.ts'
import { dayOf } from '../domain/ledger/day-budget.ts'
import { usageOf } from '../domain/ledger/usage-of-commit.ts'
import type { Commit } from '../schemas/commit.ts'
import type { BookedUsage } from '../schemas/ledger-events.ts'
import { createSendFrom } from './handler-command.ts'

/** Resolves when it is on the log. @throws what the command bus throws. */
export type BookUsage = (commit: Commit) => Promise<void>

interface Batch {
  readonly entries: BookedUsage[]
  readonly booked: Promise<void>
}

const mostEntries = 500
/** Two handlers of a process ask for the same commit within moments. */
const rememberedCommits = 10_000

export const createBookUsage = (bus: CommandBus): BookUsage => {
  const send = createSendFrom(bus, 'bookkeeper')
  const remembered = new LRUCache<number, Promise<void>>({ max: rememberedCommits })
  /** By org and day: what goes out once the command before it is through. */
  const waiting = new Map<string, Batch>()
  const underWay = new Map<string, Promise<void>>()

  const bookNow = async (commit: Commit, usage: BookedUsage): Promise<void> => {
    const { org } = commit.stream
    const day = dayOf(commit.at)
    const key = `${org}/${day}`
    const open = waiting.get(key)
    if (open !== undefined && open.entries.length < mostEntries) {
      open.entries.push(usage)
      return open.booked
    }
    const entries = [usage]
    const before = underWay.get(key) ?? Promise.resolve()
    const booked = before
      .catch(() => undefined)
      .then(async () => {
        if (waiting.get(key)?.entries === entries) waiting.delete(key)
        const cause = commit.events[0]?.id ?? commit.commandId
        await send(commit, cause, `${day}:${newCommandId()}`, 'BookUsage', { day, entries })
      })
    waiting.set(key, { entries, booked })
    underWay.set(key, booked)
    const settled = (): void => {
      if (underWay.get(key) === booked) underWay.delete(key)
    }
    booked.then(settled, settled)
    return booked
  }

  return (commit) => {
    const known = remembered.get(commit.sequence)
    if (known !== undefined) return known
    const usage = usageOf(commit)
    if (usage === null) return Promise.resolve()
    const booked = bookNow(commit, usage)
    remembered.set(commit.sequence, booked)
    booked.catch(() => remembered.delete(commit.sequence))
    return booked
  }
}
