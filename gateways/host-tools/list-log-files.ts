// The files of the log folders, the latest first: links are not followed, and a folder that may not be read hides no other.
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface LogFile {
  readonly path: string
  readonly size: number
  /** ISO 8601. */
  readonly changed: string
}

const maxListed = 100
const maxFound = 5_000
const maxDepth = 6

export const listLogFiles = async (
  folders: readonly string[],
): Promise<{ readonly files: readonly LogFile[]; readonly total: number }> => {
  const paths: string[] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (paths.length >= maxFound) return
      const path = join(folder, entry.name)
      if (entry.isFile()) paths.push(path)
      else if (entry.isDirectory() && depth < maxDepth) await walk(path, depth + 1)
    }
  }
  for (const folder of folders) await walk(folder, 0)
  const found = await Promise.all(
    [...new Set(paths)].map(async (path): Promise<LogFile | null> => {
      const read = await lstat(path).catch(() => null)
      return read === null ? null : { path, size: read.size, changed: read.mtime.toISOString() }
    }),
  )
  const files = found.filter((each) => each !== null)
  files.sort((a, b) => (a.changed < b.changed ? 1 : a.changed > b.changed ? -1 : a.path < b.path ? -1 : 1))
  return { files: files.slice(0, maxListed), total: files.length }
}
