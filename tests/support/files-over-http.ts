// The file server, which speaks only stdio, behind a door of streamable HTTP: one process for each session.
import { randomUUID } from 'node:crypto'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { withHttp } from './mcp-http-world.ts'
import { filesystemPath } from './tool-box-world.ts'

export const withFilesOverHttp = async (folder: string, work: (url: string) => Promise<void>): Promise<void> => {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const processes: StdioClientTransport[] = []

  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const server = new StdioClientTransport({
      command: process.execPath,
      args: [filesystemPath, folder],
      stderr: 'ignore',
    })
    processes.push(server)
    const door = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, door),
    })
    door.onmessage = (message) => void server.send(message)
    server.onmessage = (message) => void door.send(message).catch(() => undefined)
    door.onclose = () => void server.close()
    await server.start()
    await door.start()
    return door
  }

  try {
    await withHttp(async (request, response) => {
      const known = request.headers['mcp-session-id']
      const door = typeof known === 'string' ? sessions.get(known) : await open()
      if (door === undefined) return response.writeHead(404).end()
      return door.handleRequest(request, response)
    }, work)
  } finally {
    await Promise.all(processes.map((each) => each.close()))
  }
}
