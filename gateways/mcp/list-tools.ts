// The tools of one server as they can be offered: read leniently, so that one odd tool does not take the others with it.
import { z } from 'zod'
import type { ToolListing } from '../../handlers/ports/tool-box.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { jsonValue } from '../../schemas/json-value.ts'
import { type OfferedTool, offeredTool, type ToolEffect } from '../../schemas/tool.ts'
import type { McpLine } from './mcp-line.ts'

/** Pages followed when a server lists its tools; a server that never ends its list is cut off. */
const maxPages = 50
const listTimeoutMs = 30_000
const maxDescription = 8_000

const annotations = z.looseObject({
  readOnlyHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
})

const toolName = z.looseObject({ name: z.string() })

const listedTool = z.looseObject({
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), jsonValue),
  annotations: annotations.optional().catch(undefined),
})

/** Not the SDK's own schema: that refuses the whole list for one tool, and compiles every output schema. */
const toolPage = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() })

export const listTools = async (
  line: McpLine,
  server: string,
  definition: McpServerDefinition,
  signal: AbortSignal,
): Promise<ToolListing> => {
  const tools = new Map<string, OfferedTool>()
  const leftOut: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const listed = toolPage.parse(await line.listPage(cursor, { signal, timeoutMs: listTimeoutMs }))
    for (const raw of listed.tools) {
      const name = toolName.safeParse(raw).data?.name ?? '(without a name)'
      if (definition.tools !== undefined && !definition.tools.includes(name)) continue
      const tool = offerable(raw, server)
      if (tool === null) leftOut.push(`${name.slice(0, 60)}${name.length > 60 ? '…' : ''}`)
      else if (!tools.has(tool.name)) tools.set(tool.name, tool)
    }
    cursor = listed.nextCursor
    if (cursor === undefined) break
  }
  const named = leftOut.slice(0, 5).join(', ')
  return {
    tools: [...tools.values()],
    unavailable:
      leftOut.length === 0
        ? []
        : [
            {
              server,
              reason: `${leftOut.length} of its tools cannot be offered (name too long, or no schema): ${named}`,
            },
          ],
  }
}

/** Null for one that the log could not hold: a name over its length, or no schema. */
const offerable = (raw: unknown, server: string): OfferedTool | null => {
  const tool = listedTool.safeParse(raw).data
  if (tool === undefined) return null
  return (
    offeredTool.safeParse({
      name: `${server}__${tool.name}`,
      server,
      tool: tool.name,
      description: (tool.description ?? tool.title ?? '').slice(0, maxDescription),
      inputSchema: tool.inputSchema,
      effect: effectOf(tool.annotations),
    }).data ?? null
  )
}

/** Annotations are hints; what is not said is taken for the worst. */
export const effectOf = (hints: z.infer<typeof annotations> = {}): ToolEffect =>
  hints.readOnlyHint === true ? 'read_only' : hints.idempotentHint === true ? 'idempotent' : 'unsafe'
