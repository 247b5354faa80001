// Finds nats-server: as told, on PATH, in the cache; else it is fetched into the cache.
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../../handlers/ports/log.ts'
import { cacheFolders, writableCache } from './cache-folder.ts'
import { NatsServerNotFound, NatsServerUnusable } from './embedded-errors.ts'
import { fetchFromApt, fetchRelease } from './fetch-nats-server.ts'
import type { Identity } from './server-identity.ts'

const run = promisify(execFile)
const progressEveryMs = 10_000

/** One that runs as `identity`. @throws NatsServerNotFound saying what was tried. @throws NatsServerUnusable */
export const findNatsServer = async (
  wanted: string | undefined,
  dataFolder: string,
  log: Log,
  identity?: Identity,
): Promise<string> => {
  if (wanted !== undefined && wanted !== '') {
    const fault = await faultOf(wanted, identity)
    if (fault === null) return wanted
    throw new NatsServerUnusable(wanted, fault)
  }
  const tried: string[] = []
  for (const file of [...onPath(), ...cacheFolders(dataFolder, identity).map(cached)].filter(isExecutable)) {
    const fault = await faultOf(file, identity)
    if (fault === null) return file
    tried.push(`${file}: ${fault}`)
  }
  if (tried.length === 0) tried.push('not on PATH')
  for (const [source, fetchTo] of [
    ["the system's packages", fetchFromApt],
    ['the official release', fetchRelease],
  ] as const) {
    const began = performance.now()
    log.info({}, `nats-server is missing; fetching it from ${source} …`)
    const progress = setInterval(() => {
      log.info({}, `Still fetching nats-server from ${source} (${Math.round((performance.now() - began) / 1000)} s) …`)
    }, progressEveryMs)
    try {
      const binary = cached(writableCache(dataFolder, identity))
      await fetchTo(binary)
      log.info({ binary }, 'nats-server is in the cache.')
      return binary
    } catch (error) {
      tried.push(`${source}: ${reasonOf(error)}`)
    } finally {
      clearInterval(progress)
    }
  }
  throw new NatsServerNotFound(tried)
}

const cached = (cache: string): string => join(cache, 'bin', 'nats-server')

/** Asked for its version: a folder, a script of that name and a binary of another machine are told apart from a server. */
const faultOf = async (file: string, identity: Identity | undefined): Promise<string | null> => {
  try {
    const { stdout } = await run(file, ['--version'], { cwd: '/', timeout: 10_000, ...identity })
    return stdout.startsWith('nats-server') ? null : `it says ${JSON.stringify(stdout.slice(0, 60))} for its version`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return 'there is no such file'
    return code === 'EACCES' ? 'it cannot be executed' : reasonOf(error)
  }
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

const onPath = (): readonly string[] =>
  [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))

/** The line of a tool's complaint that says most, and the cause `fetch` hides behind "fetch failed". */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error && error.cause.message !== '') return `${error.message}: ${error.cause.message}`
  return error.message.split('\n').find((line) => line.startsWith('E:')) ?? error.message.split('\n')[0] ?? ''
}
