// Opens the line to an MCP server, and ends it for certain: also one that never answers.
import { createSlots } from '../../handlers/slots.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { type AskingCalls, createAskingCalls } from './asking-calls.ts'
import type { Authorization, Authorizations } from './authorization.ts'
import { withoutSecretsOf } from './known-secrets.ts'
import { type KnownWays, openByWays, startLine, type Way } from './known-ways.ts'
import { listTools } from './list-tools.ts'
import type { Door, LineStart, McpLine } from './mcp-line.ts'
import { patientFetch } from './patient-fetch.ts'
import { createPresentTools, type PresentTools } from './present-tools.ts'
import { reasonOf } from './reason-of.ts'
import type { ServerHealth } from './server-health.ts'

export interface ConnectionOptions {
  readonly server: string
  readonly definition: McpServerDefinition
  readonly secret: (name: string) => string | undefined
  readonly connectTimeoutMs: number
  readonly ways: KnownWays
  readonly health: ServerHealth
  readonly authorizations: Authorizations
}

export interface OpenSession {
  readonly line: McpLine
  /** The last lines a stdio server wrote to stderr: often the only word on why it died. */
  readonly complaints: () => string
  /** A text of the server's without the secrets that it was given. */
  readonly withoutSecrets: (text: string) => string
  readonly present: PresentTools
  /** The calls under way, for what the server may ask during them. */
  readonly calls: AskingCalls
}

export interface Connection {
  readonly opened: Promise<OpenSession>
  /** Resolves when the server's process is gone, or after a few seconds. */
  readonly end: () => Promise<void>
}

/** Servers started at once: a burst of sessions must not starve the machine that everything else runs on. */
const starts = createSlots(8)

export const connectToServer = (
  { server, definition, secret, connectTimeoutMs, ways, health, authorizations }: ConnectionOptions,
  onClosed: () => void,
): Connection => {
  const authorization = authorizations.of(definition)
  const withoutSecrets = withoutSecretsOf(definition, secret, authorization?.secrets)
  const door = doorOf(definition, secret, authorization)
  const abort = new AbortController()
  let current: LineStart | null = null
  let openedBy: LineStart | null = null
  let present: PresentTools | null = null
  const calls = createAskingCalls(withoutSecrets)

  const attempt = async (way: Way, timeoutMs: number): Promise<McpLine> => {
    abort.signal.throwIfAborted()
    const start: LineStart = startLine(way, door, {
      timeoutMs,
      signal: abort.signal,
      onClosed: () => {
        // One that did not open is left for the next way.
        if (openedBy === start) onClosed()
      },
      onToolsChanged: () => present?.forget(),
      onQuestion: calls.answer,
    })
    current = start
    const line = await start.opened
    openedBy = start
    return line
  }

  const open = async (): Promise<OpenSession> => {
    const from = performance.now()
    const known = await ways.turn(definition, abort.signal)
    const waited = performance.now() - from
    const started = await starts.take()
    const until = performance.now() + connectTimeoutMs - waited
    try {
      const possible = ways.of(definition)
      const { line, way } = await openByWays(
        possible,
        async (each) => {
          if (current !== null) await leave(current)
          const left = Math.max(50, until - performance.now())
          return attempt(each, isQuestion(each, possible) ? Math.min(left / 3, questionMs) : left)
        },
        (error) => !abort.signal.aborted && (current?.isOtherWay(error) ?? false),
      )
      ways.learn(definition, way)
      health.up(server, line.revision)
      // Whoever waits for the list may leave; it is of use to the next.
      present = createPresentTools(async () => (await listTools(line, server, definition, abort.signal)).tools)
      return { line, complaints: current?.complaints ?? (() => ''), withoutSecrets, present, calls }
    } catch (error) {
      ways.forget(definition)
      const said = (current?.complaints() ?? '').trim()
      const why = error instanceof Error ? reasonOf(error) : String(error)
      const reason = withoutSecrets(said === '' ? why : `${why} (it said: ${said.slice(-500)})`)
      if (!abort.signal.aborted) health.down(server, reason)
      throw new Error(reason)
    } finally {
      known()
      started()
    }
  }

  /** What was tried in vain is ended before the next is tried. */
  const leave = (start: LineStart): Promise<void> => {
    current = null
    return start.end()
  }

  const opened = open()
  return {
    opened,
    end: async () => {
      abort.abort()
      if (current !== null) await current.end()
      await opened.catch(() => undefined)
    },
  }
}

/** Some servers of the earlier revisions keep silent instead of refusing: there must be time left to greet them. */
const questionMs = 10_000
const isQuestion = (way: Way, possible: readonly Way[]): boolean => way === '2026-07-28' && possible.at(-1) !== way

const doorOf = (
  { transport }: McpServerDefinition,
  secret: ConnectionOptions['secret'],
  authorization: Authorization | undefined,
): Door => {
  if (transport.type === 'stdio') return transport
  const { type, url, headers, bearer_token_env } = transport
  const token = bearer_token_env === undefined ? undefined : secret(bearer_token_env)
  return {
    type,
    url,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    fetch: authorization?.fetch ?? patientFetch,
  }
}
