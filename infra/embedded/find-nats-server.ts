// Finds nats-server: as told, on PATH, in the cache; else it is fetched into the cache.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Log } from '../../handlers/ports/log.ts'
import { cacheFolders, writableCache } from './cache-folder.ts'
import { NatsServerNotFound } from './embedded-errors.ts'
import { fetchFromApt, fetchRelease } from './fetch-nats-server.ts'

const progressEveryMs = 10_000

/** @throws NatsServerNotFound saying what was tried. */
export const findNatsServer = async (wanted: string | undefined, dataFolder: string, log: Log): Promise<string> => {
  if (wanted !== undefined && wanted !== '') {
    if (isExecutable(wanted)) return wanted
    throw new NatsServerNotFound([`NATS_SERVER_BIN names ${wanted}, which cannot be run`])
  }
  const found = findOnPath() ?? cacheFolders(dataFolder).map(cached).find(isExecutable)
  if (found !== undefined) return found

  const tried: string[] = ['not on PATH']
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
      const binary = cached(writableCache(dataFolder))
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

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const findOnPath = (): string | undefined =>
  [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))
    .find(isExecutable)

/** The line of a tool's complaint that says most, and the cause `fetch` hides behind "fetch failed". */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error && error.cause.message !== '') return `${error.message}: ${error.cause.message}`
  return error.message.split('\n').find((line) => line.startsWith('E:')) ?? error.message.split('\n')[0] ?? ''
}
