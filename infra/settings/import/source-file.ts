// A file to import from: its content, and the line of each of its parts.
import { readFile } from 'node:fs/promises'
import { ConfigurationInvalid } from '../settings-errors.ts'
import { isRecord, parseYaml } from '../yaml-document.ts'

export type Path = readonly (string | number)[]

export interface SourceFile {
  readonly file: string
  readonly content: Readonly<Record<string, unknown>>
  readonly line: (path: Path) => number
}

/** @throws ConfigurationInvalid when it cannot be read or is no YAML map. */
export const readSourceFile = async (file: string): Promise<SourceFile> => {
  const refuse = (message: string): never => {
    throw new ConfigurationInvalid([{ file, line: 0, path: '', message }])
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) =>
    refuse(`cannot be read: ${error instanceof Error ? error.message : String(error)}`),
  )
  const parsed = parseYaml(file, text, 0)
  if (parsed.kind === 'broken') throw new ConfigurationInvalid(parsed.issues)
  const content = parsed.content ?? {}
  return isRecord(content) ? { file, content, line: parsed.line } : refuse('must be a map')
}
