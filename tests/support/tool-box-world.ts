// Tool boxes over real MCP servers: the hostile one and the reference server, each as its own process.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMcpToolBox, type McpToolBox } from '../../gateways/mcp/mcp-tool-box.ts'
import type { ToolCallRequest, ToolCallResult } from '../../handlers/ports/tool-box.ts'
import { type McpServerDefinition, mcpServerDefinition } from '../../schemas/agent-definition.ts'
import type { JsonValue } from '../../schemas/json-value.ts'

const here = dirname(fileURLToPath(import.meta.url))
export const hostilePath = join(here, 'hostile-mcp-server.ts')
export const modernPath = join(here, 'modern-mcp-server.ts')
const { resolve } = createRequire(import.meta.url)
const programOf = (manifest: string): string => join(dirname(manifest), 'dist', 'index.js')
export const everythingPath = programOf(resolve('@modelcontextprotocol/server-everything/package.json'))
/** Its arguments are the folders that it may touch. */
export const filesystemPath = programOf(resolve('@modelcontextprotocol/server-filesystem/package.json'))

export const stdioServer = (args: readonly string[], changes: object = {}): McpServerDefinition =>
  mcpServerDefinition.parse({ transport: { type: 'stdio', command: process.execPath, args }, ...changes })

export const hostile = (changes: object = {}): McpServerDefinition => stdioServer([hostilePath], changes)

export const never = new AbortController().signal

/** Runs `work` with a tool box of its own, closed afterwards: no child outlives its test. */
export const withToolBox = async <T>(
  servers: Readonly<Record<string, McpServerDefinition>>,
  work: (toolBox: McpToolBox) => Promise<T>,
  options: Partial<Parameters<typeof createMcpToolBox>[0]> = {},
): Promise<T> => {
  // On a machine that many share, a server takes its time to start.
  const patience = { connectTimeoutMs: 120_000 }
  const toolBox = createMcpToolBox({ servers: () => servers, secret: () => undefined, ...patience, ...options })
  try {
    return await work(toolBox)
  } finally {
    await toolBox.close()
  }
}

export const callOf = (
  tool: string,
  args: JsonValue = {},
  changes: Partial<ToolCallRequest> = {},
): ToolCallRequest => ({
  executionId: 'exe_1',
  server: 'hostile',
  tool,
  arguments: args,
  toolCallId: `call_${tool}`,
  ...changes,
})

export const answered = (result: ToolCallResult): Extract<ToolCallResult, { kind: 'answered' }> => {
  if (result.kind !== 'answered') throw new Error(`${result.kind}: ${result.message}`)
  return result
}

/** A call of a tool as it is pinned on the log, the way an agent makes it. */
export const pinnedCallOf = async (
  toolBox: McpToolBox,
  tool: string,
  args: JsonValue = {},
  changes: Partial<ToolCallRequest> = {},
): Promise<ToolCallRequest> => {
  const request = callOf(tool, args, changes)
  const { tools } = await toolBox.list(request.executionId, [request.server], never)
  const offered = tools.find((each) => each.tool === tool)
  if (offered === undefined) throw new Error(`${tool} is not listed`)
  return { ...request, offered: { inputSchema: offered.inputSchema, effect: offered.effect } }
}

/** What a call that was not answered says. */
export const messageOf = (result: ToolCallResult): string => (result.kind === 'answered' ? '' : result.message)

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
