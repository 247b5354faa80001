// What the page of a session loads beside the first files, named in its document: the browser need not run those to learn of it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().default(false),
    imports: z.array(z.string()).default([]),
  }),
)

const sessionPage = 'src/pages/session/session-page.tsx'

/** `folder`: of the build. @returns links for the head of a session's document; none of a build that does not say. */
export const sessionPreloads = (folder: string): string => {
  const file = join(folder, '.vite', 'manifest.json')
  if (!existsSync(file)) return ''
  const chunks = manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  const reached = new Set<string>()
  const reach = (name: string): void => {
    const chunk = chunks[name]
    if (chunk === undefined || reached.has(name)) return
    reached.add(name)
    chunk.imports.forEach(reach)
  }
  // What the document loads anyway is not named again.
  Object.keys(chunks)
    .filter((name) => chunks[name]?.isEntry)
    .forEach(reach)
  const first = new Set(reached)
  reach(sessionPage)
  return [...reached]
    .filter((name) => !first.has(name))
    .map((name) => `<link rel="modulepreload" crossorigin href="/${chunks[name]?.file}">`)
    .join('')
}

export const isSessionPage = (path: string): boolean => /^\/sessions\/ses_[^/]+$/.test(path)
