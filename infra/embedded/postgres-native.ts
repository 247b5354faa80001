// The platform package's folder: npm packs no symbolic links, and not every user can reach node_modules.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

const links = z.array(z.object({ source: z.string(), target: z.string() }))

/** The package's install script does the same, unless install scripts are off. */
export const restoreLinks = (native: string): void => {
  const file = join(native, 'pg-symlinks.json')
  if (!existsSync(file)) return
  for (const { source, target } of links.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    // Both begin with the folder's name in the package, which a copy does not keep.
    const link = join(native, relative('native', target))
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch {
      // A folder that cannot be written to: the server says which library it misses, and a copy is tried.
    }
  }
}

/** Copies once; the copy appears whole or not at all. @returns the copy's folder. */
export const copyNative = (native: string, copy: string): string => {
  if (existsSync(copy)) return copy
  mkdirSync(dirname(copy), { recursive: true })
  if (process.getuid?.() === 0) chmodSync(dirname(copy), 0o755)
  const scratch = `${copy}.${process.pid}`
  try {
    cpSync(native, scratch, { recursive: true, verbatimSymlinks: true })
    restoreLinks(scratch)
    openToAll(scratch)
    renameSync(scratch, copy)
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(copy)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return copy
}

/** A checkout made under a strict umask is closed to the user the server runs as. */
const openToAll = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() || (statSync(path).mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}
