// `mcp_servers` of a tarsy.yaml.
import { mcpServerDefinition } from '../../../schemas/agent-definition.ts'
import { type ImportNotes, noNotes } from './import-notes.ts'
import { converted, type Fields, type Importing, membersOf, recordOf, renamed, sameFields, taken } from './importing.ts'
import type { Path } from './source-file.ts'
import { builtInServers } from './tarsy-built-ins.ts'

export const importServers = (content: Fields, notes: ImportNotes, importing: Importing): Fields => {
  const servers: Record<string, Fields> = {}
  for (const [written, source] of membersOf(content['mcp_servers'])) {
    const path: Path = ['mcp_servers', written]
    const name = importing.servers.of(written)
    renamed(written, name, path, notes)
    servers[name] = importServer(source, path, notes)
  }
  return servers
}

export const knownServers = (importing: Importing, defined: Fields): Fields =>
  Object.fromEntries(
    importing.servers.referred().flatMap((written) => {
      const name = importing.servers.of(written)
      const known = builtInServers[written]
      return known === undefined || Object.hasOwn(defined, name) ? [] : [[name, importServer(known, [], noNotes)]]
    }),
  )

const importServer = (source: Fields, path: Path, notes: ImportNotes): Fields => {
  const at: Path = [...path, 'transport']
  const transport = recordOf(source['transport'])
  return {
    transport: transport['type'] === 'stdio' ? stdio(transport, at, notes) : http(transport, at, notes),
    ...timeoutOf(transport, at, notes),
    ...sameFields(source, path, notes, mcpServerDefinition, ['transport']),
  }
}

const stdio = (transport: Fields, at: Path, notes: ImportNotes): Fields => {
  notes.carried([...at, 'type'])
  return { type: 'stdio', ...taken(transport, at, notes, { command: 'command', args: 'args', env: 'env' }) }
}

const http = (transport: Fields, at: Path, notes: ImportNotes): Fields => {
  // Certificates are always checked: only "no" is lost.
  if (transport['verify_ssl'] === true) notes.carried([...at, 'verify_ssl'])
  notes.carried([...at, 'type'])
  return {
    type: transport['type'] === 'sse' ? 'sse' : 'http',
    ...taken(transport, at, notes, { url: 'url', custom_headers: 'headers' }),
    ...bearer(transport['bearer_token'], [...at, 'bearer_token'], notes),
  }
}

/** Named, never written: a token that stands in the file itself stays there. */
const bearer = (value: unknown, path: Path, notes: ImportNotes): Fields => {
  if (typeof value !== 'string' || value === '') return {}
  const text = String(converted(value, path, notes))
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1]
  if (name === undefined) {
    notes.lost(path, 'the token itself is not copied: put it into a variable and name that in bearer_token_env')
    return {}
  }
  notes.changed(path, `becomes bearer_token_env: ${name}`)
  return { bearer_token_env: name }
}

const timeoutOf = (transport: Fields, at: Path, notes: ImportNotes): Fields => {
  const seconds = transport['timeout']
  if (typeof seconds !== 'number') return {}
  notes.changed([...at, 'timeout'], 'becomes call_timeout_seconds of the server')
  return { call_timeout_seconds: seconds }
}
