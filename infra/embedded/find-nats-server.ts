// Finds nats-server, or installs it: the system's packages first, else the official release with its checksum.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../../handlers/ports/log.ts'
import { NatsServerNotFound } from './embedded-errors.ts'

const run = promisify(execFile)
const release = '2.12.3'
const stepTimeoutMs = 180_000

/** @throws NatsServerNotFound saying what was tried. */
export const findNatsServer = async (wanted: string | undefined, log: Log): Promise<string> => {
  if (wanted !== undefined) {
    if (isExecutable(wanted)) return wanted
    throw new NatsServerNotFound([`NATS_SERVER_BIN names ${wanted}, which cannot be run`])
  }
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'casebook')
  const found = findOnPath() ?? findInCache(cache)
  if (found !== null) return found

  const tried: string[] = ['not on PATH']
  for (const [name, install] of [
    ['apt-get install', installWithApt],
    ['apt-get download', unpackFromApt],
    ['the official release', downloadRelease],
  ] as const) {
    try {
      log.info({}, `nats-server is missing; trying ${name} …`)
      await install(cache)
      const installed = findOnPath() ?? findInCache(cache)
      if (installed !== null) {
        log.info({ binary: installed }, 'nats-server is installed.')
        return installed
      }
      tried.push(`${name} left no binary`)
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`)
    }
  }
  throw new NatsServerNotFound(tried)
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const findOnPath = (): string | null =>
  [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))
    .find(isExecutable) ?? null

const findInCache = (cache: string): string | null =>
  [join(cache, 'nats', 'usr', 'sbin', 'nats-server'), join(cache, 'nats', 'nats-server')].find(isExecutable) ?? null

const installWithApt = async (): Promise<void> => {
  if (process.getuid?.() !== 0) throw new Error('needs root')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { timeout: stepTimeoutMs, env }
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'nats-server'], options).catch(async () => {
    await run('apt-get', ['update'], options)
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'nats-server'], options)
  })
}

/** Works without root: the package is fetched into the cache with lists of our own, and unpacked there. */
const unpackFromApt = async (cache: string): Promise<void> => {
  const folder = join(cache, 'nats')
  const lists = join(cache, 'apt', 'lists')
  for (const each of [folder, join(lists, 'partial'), join(cache, 'apt', 'archives', 'partial')]) {
    mkdirSync(each, { recursive: true })
  }
  const own = [
    '-o',
    `Dir::State::Lists=${lists}`,
    '-o',
    `Dir::Cache=${join(cache, 'apt')}`,
    '-o',
    'APT::Sandbox::User=',
  ]
  const options = { cwd: folder, timeout: stepTimeoutMs }
  await run('apt-get', [...own, 'update'], options)
  await run('apt-get', [...own, 'download', 'nats-server'], options)
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'))
  if (archive === undefined) throw new Error('nothing was downloaded')
  await run('dpkg-deb', ['-x', join(folder, archive), folder], options)
}

const downloadRelease = async (cache: string): Promise<void> => {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
  if (arch === undefined) throw new Error(`no release for ${process.arch}`)
  const name = `nats-server-v${release}-${process.platform}-${arch}`
  const base = `https://github.com/nats-io/nats-server/releases/download/v${release}`
  const signal = AbortSignal.timeout(stepTimeoutMs)
  const [archive, sums] = await Promise.all([
    fetch(`${base}/${name}.tar.gz`, { signal }).then((answer) => answer.arrayBuffer()),
    fetch(`${base}/SHA256SUMS`, { signal }).then((answer) => answer.text()),
  ])
  const bytes = Buffer.from(archive)
  const expected = sums
    .split('\n')
    .find((line) => line.endsWith(`${name}.tar.gz`))
    ?.split(/\s+/)[0]
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (expected !== actual) throw new Error('the download does not match its checksum')
  const folder = join(cache, 'nats')
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const file = join(folder, 'nats-server.tar.gz')
  writeFileSync(file, bytes)
  await run('tar', ['-xzf', file, '-C', folder, '--strip-components=1'], { timeout: stepTimeoutMs })
}
