// The files of a configuration folder, and a fingerprint of them that tells when one has changed.
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

/**
 * Paths of `*.yaml` and `agents/**` `*.md`, in the order they are read. What starts with a dot is passed over:
 * Kubernetes keeps the versions of a mounted ConfigMap in such folders. Empty when there is no folder.
 */
export const listFiles = async (folder: string): Promise<readonly string[]> => {
  const yaml = (await namesIn(folder, false)).filter((name) => /\.ya?ml$/.test(name))
  const agents = (await namesIn(join(folder, 'agents'), true)).filter(
    (name) => name.endsWith('.md') && !/^readme\.md$/i.test(basename(name)),
  )
  return [...yaml, ...agents.map((name) => join('agents', name))].map((name) => join(folder, name))
}

/** Changes when a file comes, goes or is written. */
export const fingerprintOf = async (folder: string): Promise<string> => {
  const files = await listFiles(folder)
  const marks = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch(() => null)
      return `${file} ${found === null ? 'gone' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`}`
    }),
  )
  return marks.join('\n')
}

const namesIn = async (folder: string, recursive: boolean): Promise<readonly string[]> =>
  (await readdir(folder, { recursive }).catch(() => []))
    .filter((name) => !name.split(/[\\/]/).some((part) => part.startsWith('.')))
    .sort()
