// TCP ports somebody listens on, and who, where that may be read.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { hostTool, needLinux, table } from '../host-tool.ts'

const listening = '0A'

export const listeningPorts = hostTool({
  name: 'listening_ports',
  title: 'Listening ports',
  description: 'TCP ports on which a process of this machine listens, with address and process name.',
  input: {},
  run: async () => {
    needLinux('The list of ports')
    const [v4, v6, owners] = await Promise.all([socketsOf('/proc/net/tcp'), socketsOf('/proc/net/tcp6'), ownersOf()])
    const rows = [...v4, ...v6]
      .map(({ address, port, inode }) => ({ address, port, process: owners.get(inode) ?? 'unknown' }))
      .sort((a, b) => a.port - b.port)
    const lines = rows.map((row) => [String(row.port), row.address, row.process])
    return {
      text: rows.length === 0 ? 'nothing listens' : table([['port', 'address', 'process'], ...lines]),
      data: { ports: rows },
    }
  },
})

const socketsOf = async (file: string) => {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => {
      const [host = '', port = '0'] = (fields[1] ?? '').split(':')
      return { address: addressOf(host), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }
    })
}

/** The kernel writes each 32-bit word of an address with its bytes turned round. */
const addressOf = (hex: string): string => {
  if (hex.length === 8) {
    return (hex.match(/../g) ?? [])
      .reverse()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.')
  }
  if (/^0+$/.test(hex)) return '::'
  return /^0{24}01000000$/.test(hex) ? '::1' : 'ipv6'
}

const ownersOf = async (): Promise<ReadonlyMap<string, string>> => {
  const owners = new Map<string, string>()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  await Promise.all(
    pids.map(async (pid) => {
      const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
      const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
      const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
      if (inodes.length === 0) return
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')).trim()
      for (const inode of inodes) owners.set(inode, `${name} (${pid})`)
    }),
  )
  return owners
}
