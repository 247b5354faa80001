// What a host tool is: a name, what it takes, and a read of this machine.
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'

export interface HostTool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Shape
  /** A throw becomes an error result that the agent reads. */
  readonly run: (input: z.infer<z.ZodObject<Shape>>) => Promise<Reading>
}

export interface Reading {
  readonly text: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Keeps the input's type while tools of all shapes go into one list. */
export const hostTool = <Shape extends z.ZodRawShape>(tool: HostTool<Shape>) => ({
  name: tool.name,
  config: {
    title: tool.title,
    description: tool.description,
    inputSchema: tool.input,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  call: async (input: z.infer<z.ZodObject<Shape>>): Promise<CallToolResult> => {
    try {
      const { text, data } = await tool.run(input)
      return { content: [{ type: 'text', text }], structuredContent: { ...data } }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { isError: true, content: [{ type: 'text', text: message }] }
    }
  },
})

/** Columns lined up, for people and models alike. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const bytes = (value: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** The host's files in /proc; elsewhere a tool says what it lacks. */
export const needLinux = (what: string): void => {
  if (process.platform !== 'linux')
    throw new Error(`${what} is read from /proc, which ${process.platform} does not have.`)
}
