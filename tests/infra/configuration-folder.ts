// Folders of configuration for tests, gone afterwards.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type LoadedConfiguration, loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { ConfigurationInvalid, type ConfigurationIssue } from '../../infra/settings/settings-errors.ts'

export type Files = Readonly<Record<string, string>>
export type Variables = Readonly<Record<string, string>>

export const builtInDir = resolve(import.meta.dirname, '../../config')
const folders: string[] = []

export const writeFiles = (folder: string, files: Files): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

export const folderOf = (files: Files): string => {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-config-'))
  folders.push(folder)
  writeFiles(folder, files)
  return folder
}

export const load = (files: Files, variables: Variables = {}): Promise<LoadedConfiguration> =>
  loadConfiguration({ builtInDir, userDir: folderOf(files), variables })

export const issuesOf = async (files: Files, variables: Variables = {}): Promise<readonly ConfigurationIssue[]> => {
  try {
    await load(files, variables)
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.issues
    throw error
  }
  return []
}

/** `<file in the folder>:<line> <path>: <message>`. */
export const told = (issues: readonly ConfigurationIssue[]): readonly string[] =>
  issues.map(
    ({ file, line, path, message }) => `${file.replace(/^.*casebook-config-\w+\//, '')}:${line} ${path}: ${message}`,
  )

export const removeFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
