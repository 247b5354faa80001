// Tools are pinned in one event, so their descriptions and schemas together must fit one; what does not fit is said.
import type { OfferedTool } from '../schemas/tool.ts'
import { isTooDeep, maxJsonDepth } from './json-depth.ts'
import type { ToolListing } from './ports/tool-box.ts'

/** Well below what a commit may weigh. */
const maxBytes = 320 * 1024

const mostNamed = 20

/** Keeps the tools in their order as long as they fit; a server whose tools are left out is named with them. */
export const fitTools = (listing: ToolListing): ToolListing => {
  let bytes = 0
  const kept: OfferedTool[] = []
  const large = new Map<string, string[]>()
  const deep = new Map<string, string[]>()
  for (const tool of listing.tools) {
    if (isTooDeep(tool.inputSchema)) {
      leaveOut(deep, tool)
      continue
    }
    const size = Buffer.byteLength(JSON.stringify(tool))
    if (bytes + size <= maxBytes) {
      bytes += size
      kept.push(tool)
    } else leaveOut(large, tool)
  }
  const left = [
    ...[...large].map(([server, names]) => ({
      server,
      reason: `Descriptions and schemas are over ${maxBytes / 1024} KiB in all; not offered: ${namesOf(names)}. List the tools you need under mcp_servers.${server}.tools.`,
    })),
    ...[...deep].map(([server, names]) => ({
      server,
      reason: `Schemas nest deeper than ${maxJsonDepth} levels; not offered: ${namesOf(names)}.`,
    })),
  ]
  return left.length === 0 ? listing : { tools: kept, unavailable: [...listing.unavailable, ...left] }
}

/** A server may have thousands: their names must fit the event, too. */
const namesOf = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`

const leaveOut = (from: Map<string, string[]>, { server, tool }: OfferedTool): void => {
  from.set(server, [...(from.get(server) ?? []), tool])
}
