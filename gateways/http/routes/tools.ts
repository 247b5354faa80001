// The tool servers as this process knows them.
import { z } from 'zod'
import { offeredTool, toolDrift } from '../../../schemas/tool.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { problems } from '../shapes.ts'

const server = z
  .object({
    server: z.string(),
    status: z.enum(['up', 'down', 'unknown']).describe('`unknown`: not used since this process began.'),
    revision: z.string().optional().describe('Of MCP.'),
    reason: z.string().optional().describe('Why it is down.'),
    since: z.iso.datetime().optional(),
    checkedAt: z.iso.datetime().optional(),
    executions: z.int().describe('That hold a session with it now.'),
    tools: z.array(offeredTool).readonly().optional().describe('As it listed them last; absent until it has.'),
    listedAt: z.iso.datetime().optional(),
    drift: z.array(toolDrift).readonly().optional().describe('What it changed from one listing to the next, lately.'),
  })
  .meta({ id: 'ToolServer' })

export const toolRoutes = (app: App, { toolServers }: HttpDependencies): void => {
  app.get(
    '/v1/tools',
    {
      schema: {
        summary: 'The tool servers: whether they are there, since when, and who uses them',
        tags: ['operations'],
        response: { 200: z.object({ items: z.array(server), next: z.null() }), ...problems(404) },
      },
    },
    async () => {
      if (toolServers === undefined) {
        throw new RequestRefused('not_found', 'This process calls no tools; ask one with the role "handlers".')
      }
      const items = toolServers().map(({ since, checkedAt, listedAt, ...rest }) => ({
        ...rest,
        ...(since !== undefined && { since: since.toISOString() }),
        ...(listedAt !== undefined && { listedAt: listedAt.toISOString() }),
        ...(checkedAt !== undefined && { checkedAt: checkedAt.toISOString() }),
      }))
      return { items, next: null }
    },
  )
}
