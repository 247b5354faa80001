// The end of a log file, from allowed folders only: what was opened is checked, not the name it was asked for by.
import { constants, type FileHandle, open, realpath } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { z } from 'zod'
import { maskText } from '../../../domain/masking/mask.ts'
import { bytes, hostTool } from '../host-tool.ts'
import { listLogFiles } from '../list-log-files.ts'
import { printable } from '../printable.ts'

const maxBytes = 256 * 1024
const maxCharacters = 64 * 1024

const allowedFolders = (): readonly string[] =>
  (process.env['CASEBOOK_LOG_DIRS'] ?? '/var/log').split(':').filter(isAbsolute)

export const logTail = hostTool({
  name: 'log_tail',
  title: 'Log tail',
  description: 'The last lines of a log file in an allowed folder. Without a path it lists the files.',
  input: {
    path: z.string().max(1000).optional().describe('The log file.'),
    lines: z.int().min(1).max(500).default(50).describe('How many lines.'),
  },
  run: async ({ path, lines }) => {
    if (path === undefined || path === '') return list()
    const { handle, file } = await openAllowed(path)
    try {
      const { size } = await handle.stat()
      const content = await endOf(handle, size)
      if (!isText(content)) throw new Error(`${path} is not a text file.`)
      const readable = withoutCutSecrets(content.toString('utf8'), size > content.length)
      // All of it before the lines are counted: a secret's key may stand on a line that is not shown.
      const masked = maskText(readable, { groups: ['secrets'] }).text
      const tail = masked === '' ? [] : masked.split('\n').slice(-lines)
      const text = tail.join('\n')
      const shown = text.length > maxCharacters ? `…${text.slice(-maxCharacters)}` : text
      return { text: shown === '' ? '(empty)' : shown, data: { path: file, size, lines: tail.length } }
    } finally {
      await handle.close()
    }
  },
})

const openAllowed = async (path: string): Promise<{ readonly handle: FileHandle; readonly file: string }> => {
  const folders = allowedFolders()
  const refused = new Error(
    `${printable(path)} is not a file in ${folders.join(', ')}. Call log_tail without a path for a list.`,
  )
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)))
  const isInside = (file: string): boolean =>
    roots.some((root) => file.startsWith(root.endsWith(sep) ? root : root + sep))
  const candidates = isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path))
  for (const candidate of candidates) {
    const file = await realpath(candidate).catch(() => null)
    if (file === null || !isInside(file)) continue
    // A pipe would wait for its writer; a link put in the place of the file meanwhile is not followed.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
    const handle = await open(file, flags).catch((error: unknown) => {
      const denied = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EACCES'
      throw denied ? new Error(`${printable(path)} may not be read by the user that the tools run as.`) : refused
    })
    if ((await handle.stat()).isFile() && isInside(await openedPath(handle, file))) return { handle, file }
    await handle.close()
  }
  throw refused
}

/** A folder on the way may have become a link between the check and the opening. */
const openedPath = async (handle: FileHandle, file: string): Promise<string> =>
  process.platform === 'linux' ? realpath(`/proc/self/fd/${handle.fd}`).catch(() => '') : file

const endOf = async (handle: FileHandle, size: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(Math.min(size, maxBytes))
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, size - buffer.length + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

const isText = (content: Buffer): boolean => {
  if (content.includes(0)) return false
  const odd = content.toString('utf8').match(/\ufffd/g)?.length ?? 0
  return odd <= 3 + content.length / 50
}

/** What begins in the middle of a line, or of a PEM block, may be a secret whose beginning nobody sees. */
const withoutCutSecrets = (text: string, isCut: boolean): string => {
  if (!isCut) return text.trimEnd()
  const lines = text.slice(text.includes('\n') ? text.indexOf('\n') + 1 : text.length)
  const end = /-----END [A-Z0-9 ]{1,60}-----[^\n]*\n?/.exec(lines)
  const whole = end !== null && !lines.slice(0, end.index).includes('-----BEGIN ') ? end.index + end[0].length : 0
  const kept = lines.slice(whole).trimEnd()
  return kept === '' ? `(a line longer than ${bytes(maxBytes)}, which is not shown)` : kept
}

const list = async () => {
  const { files, total } = await listLogFiles(allowedFolders())
  const lines = files.map(({ path, size, changed }) => `${printable(path)} (${bytes(size)}, ${changed})`)
  const more = total > files.length ? [`… and ${total - files.length} more, changed longer ago`] : []
  return {
    text: lines.length === 0 ? 'no log files' : [...lines, ...more].join('\n'),
    data: { files: files.map(({ path }) => printable(path)), total },
  }
}
