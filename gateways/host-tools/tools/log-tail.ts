// The end of a log file, from allowed folders only: links are followed before the folder is checked.
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { maskText } from '../../../domain/masking/mask.ts'
import { bytes, hostTool } from '../host-tool.ts'

const maxBytes = 256 * 1024
const maxListed = 100

const allowedFolders = (): readonly string[] =>
  (process.env['CASEBOOK_LOG_DIRS'] ?? '/var/log').split(':').filter((folder) => folder !== '')

export const logTail = hostTool({
  name: 'log_tail',
  title: 'Log tail',
  description: 'The last lines of a log file in an allowed folder. Without a path it lists the files.',
  input: {
    path: z.string().max(1000).optional().describe('The log file.'),
    lines: z.int().min(1).max(500).default(50).describe('How many lines.'),
  },
  run: async ({ path, lines }) => {
    if (path === undefined) return list()
    const file = await allowedFile(path)
    const { size } = await stat(file)
    const handle = await open(file)
    try {
      const start = Math.max(0, size - maxBytes)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, maxBytes)), 0, undefined, start)
      const content = buffer.subarray(0, bytesRead)
      if (content.includes(0)) throw new Error(`${path} is not a text file.`)
      const tail = content.toString('utf8').trimEnd().split('\n').slice(-lines)
      const text = maskText(tail.join('\n'), { groups: ['secrets'] }).text
      return { text: text === '' ? '(empty)' : text, data: { path: file, size, lines: tail.length } }
    } finally {
      await handle.close()
    }
  },
})

const allowedFile = async (path: string): Promise<string> => {
  const folders = allowedFolders()
  const refused = new Error(`${path} is not a file in ${folders.join(', ')}. Call log_tail without a path for a list.`)
  const file = await realpath(path).catch(() => {
    throw refused
  })
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)))
  if (!roots.some((root) => file.startsWith(root.endsWith(sep) ? root : root + sep))) throw refused
  if (!(await stat(file)).isFile()) throw refused
  return file
}

const list = async () => {
  const found = await Promise.all(
    allowedFolders().map(async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    }),
  )
  const files = found.flat().sort().slice(0, maxListed)
  const sized = await Promise.all(
    files.map(async (file) => `${file} (${bytes((await stat(file).catch(() => ({ size: 0 }))).size)})`),
  )
  return { text: sized.length === 0 ? 'no log files' : sized.join('\n'), data: { files } }
}
