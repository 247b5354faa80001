// In which way a server is spoken to: found out at the first connection, remembered for the next ones.
import { untilAborted } from '../../handlers/until-aborted.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { startEarlierLine } from './earlier-line.ts'
import type { Door, LineOptions, LineStart, McpLine } from './mcp-line.ts'
import { startModernLine } from './modern-line.ts'

export type Way = '2026-07-28' | 'earlier' | 'sse'

/** A server that has learnt the new revision still answers to the old one: what was found is asked again some time. */
const rememberedMs = 3_600_000

export interface KnownWays {
  of(definition: McpServerDefinition): readonly Way[]
  learn(definition: McpServerDefinition, way: Way): void
  forget(definition: McpServerDefinition): void
  /** Waits for whoever is finding out already; then, or when nobody is, resolves with the way to say that one is done. */
  turn(definition: McpServerDefinition, signal: AbortSignal): Promise<() => void>
}

export const createKnownWays = (now: () => number = () => performance.now()): KnownWays => {
  const known = new Map<string, { readonly way: Way; readonly at: number }>()
  const findingOut = new Map<string, Promise<void>>()
  const keyOf = (definition: McpServerDefinition): string => JSON.stringify([definition.transport, definition.protocol])
  const found = (definition: McpServerDefinition): Way | undefined => {
    const note = known.get(keyOf(definition))
    return note !== undefined && now() - note.at < rememberedMs ? note.way : undefined
  }
  return {
    of: (definition) => {
      const way = found(definition)
      return way === undefined ? waysOf(definition) : [way]
    },
    learn: (definition, way) => {
      if (known.get(keyOf(definition))?.way !== way) known.set(keyOf(definition), { way, at: now() })
    },
    forget: (definition) => void known.delete(keyOf(definition)),
    turn: async (definition, signal) => {
      const key = keyOf(definition)
      const other = findingOut.get(key)
      // One that found nothing out leaves it to each: a server that is away must not be waited for in a row.
      if (other !== undefined) await untilAborted(other, signal)
      if (other !== undefined || found(definition) !== undefined) return () => undefined
      const { promise, resolve } = Promise.withResolvers<void>()
      findingOut.set(key, promise)
      return () => {
        if (findingOut.get(key) === promise) findingOut.delete(key)
        resolve()
      }
    },
  }
}

const waysOf = ({ transport, protocol = 'auto' }: McpServerDefinition): readonly Way[] => {
  if (transport.type === 'sse') return ['sse']
  switch (protocol) {
    case '2026-07-28':
      return ['2026-07-28']
    case 'earlier':
      return transport.type === 'stdio' ? ['earlier'] : ['earlier', 'sse']
    case 'auto':
      // Some stdio servers end at any word before the greeting, and a new process for each question is dear:
      // there the greeting comes first. Over HTTP a question costs one request.
      return transport.type === 'stdio' ? ['earlier', '2026-07-28'] : ['2026-07-28', 'earlier', 'sse']
  }
}

export const startLine = (way: Way, door: Door, options: LineOptions): LineStart => {
  switch (way) {
    case '2026-07-28':
      return startModernLine(door, options)
    case 'earlier':
      return startEarlierLine(door, options)
    case 'sse':
      return startEarlierLine(door.type === 'stdio' ? door : { ...door, type: 'sse' }, options)
  }
}

/**
 * Tries one way after the other until one opens.
 * @throws what the earlier revisions answered, if they were tried: their word is the one people can look up.
 */
export const openByWays = async (
  ways: readonly Way[],
  attempt: (way: Way) => Promise<McpLine>,
  isOtherWay: (error: unknown) => boolean,
): Promise<{ readonly line: McpLine; readonly way: Way }> => {
  const failures = new Map<Way, unknown>()
  for (const way of ways) {
    try {
      return { line: await attempt(way), way }
    } catch (error) {
      failures.set(way, error)
      if (!isOtherWay(error)) break
    }
  }
  throw failures.get('earlier') ?? [...failures.values()][0] ?? new Error('there is no way to reach it')
}
