// Space and inodes of each mounted file system that holds data.
import { readFile, statfs } from 'node:fs/promises'
import { bytes, hostTool, table } from '../host-tool.ts'

const withoutData =
  /^(?:proc|sysfs|devtmpfs|devpts|cgroup2?|securityfs|pstore|bpf|tracefs|debugfs|mqueue|hugetlbfs|configfs|fusectl|autofs|binfmt_misc|nsfs|rpc_pipefs|squashfs)$/

export const disk = hostTool({
  name: 'disk',
  title: 'Disk',
  description: 'Disk space and inodes of each mounted file system: size, used, percent.',
  input: {},
  run: async () => {
    const found = await Promise.all((await mounts()).map(usage))
    const rows = found.filter((each) => each !== null).filter(({ size }) => size > 0)
    const lines = rows.map((row) => [
      row.mount,
      row.type,
      bytes(row.size),
      bytes(row.used),
      `${row.percent}%`,
      `${row.inodePercent}%`,
    ])
    return {
      text: table([['mount', 'type', 'size', 'used', 'used%', 'inodes%'], ...lines]),
      data: { filesystems: rows },
    }
  },
})

const mounts = async (): Promise<readonly { readonly mount: string; readonly type: string }[]> => {
  const text = await readFile('/proc/mounts', 'utf8').catch(() => 'disk / unknown')
  const all = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, mount = '/', type = 'unknown']) => ({ mount: mount.replaceAll('\\040', ' '), type }))
    .filter(({ type }) => !withoutData.test(type))
  return [...new Map(all.map((each) => [each.mount, each])).values()].slice(0, 60)
}

const usage = async ({ mount, type }: { readonly mount: string; readonly type: string }) => {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(mount)
    const used = (blocks - bfree) * bsize
    const usable = used + bavail * bsize
    return {
      mount,
      type,
      size: blocks * bsize,
      used,
      percent: usable === 0 ? 0 : Math.ceil((used / usable) * 100),
      inodePercent: files === 0 ? 0 : Math.ceil(((files - ffree) / files) * 100),
    }
  } catch {
    return null
  }
}
