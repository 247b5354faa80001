// Which event led to which: by the id that each names as its cause.
import type { StoredEvent } from './stored-event.ts'

export interface Caused {
  readonly event: StoredEvent
  readonly effects: readonly Caused[]
}

export interface Causation {
  /** From the first cause that is known to the event's own. */
  readonly causes: readonly StoredEvent[]
  /** What led to the first of these, when none of the events is it: a command, mostly. */
  readonly origin: string
  readonly tree: Caused
  /** There is more than is shown. */
  readonly cut: boolean
}

const mostShown = 150
const deepest = 12

/** An event's id is its command's with a number: a cause may be named by either. */
const commandOf = (id: string): string => id.replace(/\.\d+$/, '')

export const causationOf = (event: StoredEvent, all: readonly StoredEvent[]): Causation => {
  const byId = new Map(all.map((each) => [each.id, each]))
  for (const each of all) {
    const command = commandOf(each.id)
    if (!byId.has(command)) byId.set(command, each)
  }
  const causeOf = (each: StoredEvent): StoredEvent | undefined => {
    const cause = byId.get(each.causationid)
    return cause === undefined || commandOf(cause.id) === commandOf(each.id) ? undefined : cause
  }
  const effects = Map.groupBy(all, (each) => causeOf(each)?.id)

  const causes: StoredEvent[] = []
  const seen = new Set([event.id])
  for (let at = causeOf(event); at !== undefined && !seen.has(at.id); at = causeOf(at)) {
    causes.unshift(at)
    seen.add(at.id)
  }
  let shown = 0
  let cut = false
  const below = (each: StoredEvent, depth: number): Caused => {
    const found = (effects.get(each.id) ?? []).filter(({ id }) => id !== each.id)
    if (found.length > 0 && depth >= deepest) cut = true
    return {
      event: each,
      effects:
        depth >= deepest
          ? []
          : found.flatMap((effect) => {
              if (++shown > mostShown) {
                cut = true
                return []
              }
              return [below(effect, depth + 1)]
            }),
    }
  }
  return { causes, origin: (causes[0] ?? event).causationid, tree: below(event, 0), cut }
}
