// TCP ports somebody listens on, and who, where that may be read.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { endianness } from 'node:os'
import { hostTool, needLinux, table } from '../host-tool.ts'
import { printable } from '../printable.ts'

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

/** The kernel writes each 32-bit word of an address in the machine's own byte order. */
const addressOf = (hex: string): string => {
  const numbers = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const each = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))
    return endianness() === 'LE' ? each.reverse() : each
  })
  if (numbers.length === 4) return numbers.join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((numbers[2 * at] ?? 0) << 8) | (numbers[2 * at + 1] ?? 0)).toString(16),
  )
  // The URL parser writes IPv6 addresses in their shortest form, in brackets.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
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
      const name = printable((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')).trim())
      for (const inode of inodes) owners.set(inode, `${name} (${pid})`)
    }),
  )
  return owners
}
