// MCP servers over streamable HTTP: the reference server as a process that can be killed, and a door that refuses.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { freePort } from '../../infra/embedded/free-port.ts'
import { type McpServerDefinition, mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { everythingPath, modernPath } from './tool-box-world.ts'

export const httpServer = (url: string, transport: object = {}, changes: object = {}): McpServerDefinition =>
  mcpServerDefinition.parse({ transport: { type: 'http', url, ...transport }, ...changes })

export interface ServerProcess {
  readonly url: string
  /** What it printed: one line a request. */
  readonly said: () => string
  kill(): Promise<void>
  /** On the same port, with no memory of any session. */
  start(): Promise<void>
}

/** The reference server, which speaks the earlier revisions: over streamable HTTP, or the transport before it. */
export const withEverythingServer = (
  work: (server: ServerProcess) => Promise<void>,
  transport: 'streamableHttp' | 'sse' = 'streamableHttp',
): Promise<void> =>
  withServerProcess([everythingPath, transport], transport === 'sse' ? /running on port/ : /listening on port/, work)

/** A server of the revision 2026-07-28: with the earlier ones beside it, or without. */
export const withModernServer = (
  work: (server: ServerProcess) => Promise<void>,
  eras: 'both' | 'only' = 'both',
): Promise<void> => withServerProcess([modernPath, 'http', eras], /listening on port/, work)

const withServerProcess = async (
  args: readonly string[],
  ready: RegExp,
  work: (server: ServerProcess) => Promise<void>,
): Promise<void> => {
  let port = await freePort()
  let child: ChildProcess | undefined
  let said = ''
  const start = async (): Promise<void> => {
    said = ''
    const started = spawn(process.execPath, args, {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    const listening = Promise.withResolvers<void>()
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      if (ready.test(said)) listening.resolve()
    }
    started.stdout.on('data', hear)
    started.stderr.on('data', hear)
    started.once('close', (code) => listening.reject(new Error(`the server ended with ${code}: ${said}`)))
    await listening.promise
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  /** Whoever looks for a free port at the same time may find the same. */
  const startAnywhere = async (attempts = 3): Promise<void> => {
    try {
      await start()
    } catch (error) {
      if (attempts === 1 || !/EADDRINUSE|in use/.test(said)) throw error
      port = await freePort()
      await startAnywhere(attempts - 1)
    }
  }
  try {
    await startAnywhere()
    await work({
      url: `http://127.0.0.1:${port}/${args.includes('sse') ? 'sse' : 'mcp'}`,
      said: () => said,
      kill,
      start,
    })
  } finally {
    await kill()
  }
}

/** An HTTP server of the test's own, closed with every connection. */
export const withHttp = async (listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> => {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  try {
    await work(`http://127.0.0.1:${address.port}/mcp`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
