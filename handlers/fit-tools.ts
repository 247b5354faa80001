// Tools are pinned in one event, so their descriptions and schemas together must fit one; what does not fit is said.
import type { OfferedTool } from '../schemas/tool.ts'
import type { ToolListing } from './ports/tool-box.ts'

/** Well below what a commit may weigh. */
const maxBytes = 320 * 1024

/** Keeps the tools in their order as long as they fit; a server whose tools are left out is named with them. */
export const fitTools = (listing: ToolListing): ToolListing => {
  let bytes = 0
  const kept: OfferedTool[] = []
  const left = new Map<string, string[]>()
  for (const tool of listing.tools) {
    const size = Buffer.byteLength(JSON.stringify(tool))
    if (bytes + size <= maxBytes) {
      bytes += size
      kept.push(tool)
    } else left.set(tool.server, [...(left.get(tool.server) ?? []), tool.tool])
  }
  const unfit = [...left].map(([server, names]) => ({
    server,
    reason: `Descriptions and schemas are over ${maxBytes / 1024} KiB in all; not offered: ${names.join(', ')}. List the tools you need under mcp_servers.${server}.tools.`,
  }))
  return unfit.length === 0 ? listing : { tools: kept, unavailable: [...listing.unavailable, ...unfit] }
}
