// Fetches a nats-server binary: out of Debian's package, or out of the official release with its checksum.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const stepTimeoutMs = 180_000
const release = '2.12.3'

/**
 * Unpacks the package and does not install it: installed, it starts a service that listens on every interface
 * without a password, and it needs root. Where the system has no package lists, a set of our own is fetched.
 */
export const fetchFromApt = (binary: string): Promise<void> =>
  viaScratch(binary, async (scratch) => {
    const options = { cwd: scratch, timeout: stepTimeoutMs, env: { ...process.env, LC_ALL: 'C' } }
    const download = (...settings: readonly string[]) =>
      run('apt-get', [...unsandboxed, ...settings, 'download', 'nats-server'], options)
    await download().catch(async () => {
      const own = ownLists(scratch)
      await run('apt-get', [...unsandboxed, ...own, 'update'], options)
      await download(...own)
    })
    const archive = readdirSync(scratch).find((name) => name.endsWith('.deb'))
    if (archive === undefined) throw new Error('apt-get downloaded nothing')
    await run('dpkg-deb', ['-x', join(scratch, archive), scratch], options)
    return join(scratch, 'usr', 'sbin', 'nats-server')
  })

// As root apt would fetch as user _apt, who cannot write to our folder.
const unsandboxed = ['-q', '-o', 'APT::Sandbox::User=root']

const ownLists = (scratch: string): readonly string[] => {
  const lists = join(scratch, 'apt', 'lists')
  const cache = join(scratch, 'apt', 'cache')
  for (const each of [lists, join(cache, 'archives')]) mkdirSync(join(each, 'partial'), { recursive: true })
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`]
}

export const fetchRelease = (binary: string): Promise<void> =>
  viaScratch(binary, async (scratch) => {
    const arch = new Map([
      ['x64', 'amd64'],
      ['arm64', 'arm64'],
    ]).get(process.arch)
    if (arch === undefined) throw new Error(`there is none for ${process.arch}`)
    const name = `nats-server-v${release}-${process.platform}-${arch}`
    const signal = AbortSignal.timeout(stepTimeoutMs)
    const [archive, sums] = await Promise.all([
      download(`v${release}/${name}.tar.gz`, signal),
      download(`v${release}/SHA256SUMS`, signal),
    ])
    const expected = checksumIn(sums.toString('utf8'), `${name}.tar.gz`)
    if (expected !== createHash('sha256').update(archive).digest('hex')) {
      throw new Error(`${name}.tar.gz does not match its checksum`)
    }
    const file = join(scratch, 'nats-server.tar.gz')
    writeFileSync(file, archive)
    await run('tar', ['-xzf', file, '-C', scratch, '--strip-components=1'], { timeout: stepTimeoutMs })
    return join(scratch, 'nats-server')
  })

const download = async (path: string, signal: AbortSignal): Promise<Buffer> => {
  const url = `https://github.com/nats-io/nats-server/releases/download/${path}`
  const answer = await fetch(url, { signal })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** A line of SHA256SUMS is `<hex>  <file>`. */
export const checksumIn = (sums: string, file: string): string | undefined =>
  sums
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, name]) => name === file)?.[0]

/** The binary appears whole or not at all: a start that was cut short must not leave half a file for the next. */
const viaScratch = async (binary: string, make: (scratch: string) => Promise<string>): Promise<void> => {
  mkdirSync(dirname(binary), { recursive: true })
  const scratch = mkdtempSync(join(dirname(binary), 'fetch-'))
  try {
    const made = await make(scratch)
    chmodSync(made, 0o755)
    renameSync(made, binary)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
