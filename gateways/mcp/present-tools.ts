// What a server's tools are now, beside what they were when they were offered: a call must mean what it meant then.
import { isDeepStrictEqual } from 'node:util'
import type { OfferedTool } from '../../schemas/tool.ts'

export interface PresentTools {
  /** Lists anew when what is known is old, or the server said that its tools have changed. */
  find(tool: string): Promise<OfferedTool | undefined>
  remember(tools: readonly OfferedTool[]): void
  /** The server's word that its tools have changed. */
  forget(): void
}

/** Servers need not tell that their tools have changed, and over HTTP most cannot. */
const freshMs = 60_000

export const createPresentTools = (
  list: () => Promise<readonly OfferedTool[]>,
  now: () => number = () => performance.now(),
): PresentTools => {
  let known: { readonly tools: ReadonlyMap<string, OfferedTool>; readonly until: number } | null = null
  let listing: Promise<void> | null = null
  let changes = 0

  const remember = (tools: readonly OfferedTool[]): void => {
    known = { tools: new Map(tools.map((each) => [each.tool, each])), until: now() + freshMs }
  }

  const listAnew = async (): Promise<void> => {
    const before = changes
    const tools = await list()
    // What changed while it was listed may be in the list or not.
    if (before === changes) remember(tools)
    else await listAnew()
  }

  return {
    find: async (tool) => {
      if (known === null || known.until < now()) {
        listing ??= listAnew().finally(() => {
          listing = null
        })
        await listing
      }
      return known?.tools.get(tool)
    },
    remember,
    forget: () => {
      changes++
      known = null
    },
  }
}

type Offered = Pick<OfferedTool, 'inputSchema' | 'effect'>

/** Null when it is what was offered; else what has changed, in words for the model that wanted to call it. */
export const changeOf = (
  server: string,
  tool: string,
  offered: Offered,
  present: Offered | undefined,
): string | null => {
  if (present === undefined) return `${server} no longer has the tool ${tool}. Go on without it.`
  const changed = [
    ...(isDeepStrictEqual(present.inputSchema, offered.inputSchema) ? [] : ['takes other arguments']),
    ...(present.effect === offered.effect ? [] : [`is ${wordOf[present.effect]} instead of ${wordOf[offered.effect]}`]),
  ]
  if (changed.length === 0) return null
  return `${server} has changed the tool ${tool} since it was offered: it now ${changed.join(' and ')}. It is not called with a new meaning in this session. Go on without it.`
}

const wordOf = { read_only: 'read-only', idempotent: 'safe to repeat', unsafe: 'a change' } as const
