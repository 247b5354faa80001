// Space and inodes of each mounted file system that holds data.
import { readFile, stat, statfs } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { bytes, hostTool, table } from '../host-tool.ts'
import { printable } from '../printable.ts'

const withoutData =
  /^(?:proc|sysfs|devtmpfs|devpts|cgroup2?|securityfs|pstore|bpf|tracefs|debugfs|mqueue|hugetlbfs|configfs|fusectl|autofs|binfmt_misc|nsfs|rpc_pipefs|squashfs)$/

export const disk = hostTool({
  name: 'disk',
  title: 'Disk',
  description: 'Disk space and inodes of each mounted file system: size, used, percent.',
  input: {},
  run: async () => {
    const found = await Promise.all((await mounts()).map(answer))
    const read = found.filter((each) => each.kind === 'read').filter(({ size }) => size > 0)
    // Bind mounts show one file system in many places; the shortest path is where people know it.
    const rows = read.filter(
      ({ device, mount }) => !read.some((other) => other.device === device && isBefore(other.mount, mount)),
    )
    const silent = found.filter((each) => each.kind === 'silent')
    const lines = [
      ...rows.map(({ mount, type, size, used, percent, inodePercent }) => [
        mount,
        type,
        bytes(size),
        bytes(used),
        `${percent}%`,
        `${inodePercent}%`,
      ]),
      ...silent.map(({ mount, type }) => [mount, type, 'no answer', '-', '-', '-']),
    ]
    return {
      text: table([['mount', 'type', 'size', 'used', 'used%', 'inodes%'], ...lines]),
      data: { filesystems: rows.map(({ kind: _, device: __, ...row }) => row), silent },
    }
  },
})

const mounts = async (): Promise<readonly Mount[]> => {
  const text = await readFile('/proc/mounts', 'utf8').catch(() => 'disk / unknown')
  const all = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, mount = '/', type = 'unknown']) => ({ mount: unescaped(mount), type }))
    .filter(({ type }) => !withoutData.test(type))
  return [...new Map(all.map((each) => [each.mount, each])).values()].slice(0, 60)
}

/** The kernel writes spaces and line ends in paths as octal numbers. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b)

interface Mount {
  readonly mount: string
  readonly type: string
}

/** A network file system whose server is away never answers. */
const patienceMs = 3_000

const answer = async (mount: Mount) => {
  const enough = new AbortController()
  const silent = { kind: 'silent' as const, mount: printable(mount.mount), type: mount.type }
  const late = delay(patienceMs, silent, { signal: enough.signal }).catch(() => silent)
  const first = await Promise.race([usage(mount), late])
  enough.abort()
  return first
}

const usage = async ({ mount, type }: Mount) => {
  try {
    const [{ bsize, blocks, bfree, bavail, files, ffree }, { dev }] = await Promise.all([statfs(mount), stat(mount)])
    const used = (blocks - bfree) * bsize
    const usable = used + bavail * bsize
    return {
      kind: 'read' as const,
      device: dev,
      mount: printable(mount),
      type,
      size: blocks * bsize,
      used,
      percent: usable === 0 ? 0 : Math.ceil((used / usable) * 100),
      inodePercent: files === 0 ? 0 : Math.ceil(((files - ffree) / files) * 100),
    }
  } catch {
    return { kind: 'unreadable' as const }
  }
}
