// What the built dashboard was made of: kept beside it by its content, so that a build from before `git pull` is known.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** In the folder of the build; never served. */
export const sourcesFile = 'sources.json'

const builtFrom = z.object({ files: z.array(z.string()), hash: z.string() })
type BuiltFrom = Readonly<z.infer<typeof builtFrom>>

/** `files`: paths below `root`. One that is gone counts as changed. */
export const dashboardSources = (root: string, files: readonly string[]): BuiltFrom => {
  const sorted = [...new Set(files)].sort()
  const hash = createHash('sha256')
  for (const file of sorted) {
    const path = join(root, file)
    const content = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'gone'
    hash.update(`${file} ${content}\n`)
  }
  return { files: sorted, hash: hash.digest('hex') }
}

/** `unbuilt` and `stale` where a build has to make it; a package without its sources serves what it has. */
export const standingOfDashboard = (root: string): 'current' | 'stale' | 'unbuilt' => {
  const folder = join(root, 'dashboard', 'dist')
  if (!existsSync(join(folder, 'index.html'))) return 'unbuilt'
  if (!existsSync(join(root, 'dashboard', 'index.html'))) return 'current'
  const built = builtOf(join(folder, sourcesFile))
  return built !== null && dashboardSources(root, built.files).hash === built.hash ? 'current' : 'stale'
}

/** null for a build from before it was kept. */
const builtOf = (path: string): BuiltFrom | null => {
  try {
    return builtFrom.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
