// The host tools as an agent meets them: their own process, spoken to by a real MCP client over stdio.
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { z } from 'zod'

const main = join(import.meta.dirname, '../../gateways/host-tools/main.ts')

const callResult = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
  structuredContent: z.unknown().optional(),
})

export interface HostTools {
  readonly client: Client
  readonly pid: number
  call(
    name: string,
    args?: object,
  ): Promise<{ readonly isError: boolean; readonly text: string; readonly data: unknown }>
}

export interface HostToolsOptions {
  readonly logDirs?: readonly string[]
  /** Gives up root once the program is read; without effect when the tests do not run as root. */
  readonly asNobody?: boolean
}

const nobody = 65_534

/** Imported by root, as the folder of the checkout may be closed to others; each call is answered as nobody. */
const unprivileged = `await import(${JSON.stringify(main)}); process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody})`

export const isRoot = process.getuid?.() === 0

export const withHostTools = async (
  work: (tools: HostTools) => Promise<void>,
  { logDirs, asNobody = false }: HostToolsOptions = {},
): Promise<void> => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: asNobody && isRoot ? ['--input-type=module', '-e', unprivileged] : [main],
    env: logDirs === undefined ? {} : { CASEBOOK_LOG_DIRS: logDirs.join(':') },
    stderr: 'inherit',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  try {
    await work({
      client,
      pid: transport.pid ?? 0,
      call: async (name, args = {}) => {
        const { isError, content, structuredContent } = callResult.parse(
          await client.callTool({ name, arguments: { ...args } }),
        )
        return { isError, text: content.map(({ text }) => text).join('\n'), data: structuredContent }
      },
    })
  } finally {
    await client.close()
  }
}
