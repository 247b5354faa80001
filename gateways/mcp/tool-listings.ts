// What each server listed last, and what it changed since the listing before: agents are told of neither.
import { isDeepStrictEqual } from 'node:util'
import type { ToolServerHealth } from '../../handlers/ports/tool-box.ts'
import type { OfferedTool, ToolDrift } from '../../schemas/tool.ts'

export interface ToolListings {
  listed(server: string, tools: readonly OfferedTool[]): void
  of(server: string): Pick<ToolServerHealth, 'tools' | 'listedAt' | 'drift'>
}

const kept = 20
const compared = ['description', 'inputSchema', 'effect'] as const

export const createToolListings = (now: () => Date = () => new Date()): ToolListings => {
  const listings = new Map<
    string,
    { readonly tools: readonly OfferedTool[]; readonly listedAt: Date; readonly drift: readonly ToolDrift[] }
  >()
  return {
    listed: (server, tools) => {
      const before = listings.get(server)
      const listedAt = now()
      const drift = before === undefined ? [] : driftBetween(before.tools, tools, listedAt.toISOString())
      listings.set(server, { tools, listedAt, drift: [...drift, ...(before?.drift ?? [])].slice(0, kept) })
    },
    of: (server) => listings.get(server) ?? {},
  }
}

const driftBetween = (
  before: readonly OfferedTool[],
  after: readonly OfferedTool[],
  at: string,
): readonly ToolDrift[] => {
  const earlier = new Map(before.map((tool) => [tool.tool, tool]))
  const left = new Set(after.map(({ tool }) => tool))
  return [
    ...after.flatMap((tool): readonly ToolDrift[] => {
      const old = earlier.get(tool.tool)
      if (old === undefined) return [{ at, tool: tool.tool, what: 'added', fields: [] }]
      const fields = compared.filter((field) => !isDeepStrictEqual(old[field], tool[field]))
      return fields.length === 0 ? [] : [{ at, tool: tool.tool, what: 'changed', fields: [...fields] }]
    }),
    ...before
      .filter(({ tool }) => !left.has(tool))
      .map(({ tool }): ToolDrift => ({ at, tool, what: 'removed', fields: [] })),
  ]
}
