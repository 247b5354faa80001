// One YAML file of the configuration as named entries.

import { didYouMean } from '../../domain/plan/nearest-name.ts'
import { type Entry, entryOf, isSection, nothingRead, type ReadFile, sections } from './configuration-entry.ts'
import type { Variables } from './interpolate.ts'
import type { ConfigurationIssue } from './settings-errors.ts'
import { isRecord, parseYaml } from './yaml-document.ts'

/** A YAML file may hold any sections; file names are for people. */
export const readYamlFile = (file: string, text: string, variables: Variables): ReadFile => {
  const parsed = parseYaml(file, text, 0)
  if (parsed.kind === 'broken') return { ...nothingRead, issues: parsed.issues }
  const { content, line } = parsed
  if (content === null) return nothingRead
  if (!isRecord(content)) {
    return { ...nothingRead, issues: [{ file, line: 1, path: '', message: `must be a map of ${sections.join(', ')}` }] }
  }
  const issues: ConfigurationIssue[] = []
  const entries: Entry[] = []
  for (const [section, members] of Object.entries(content)) {
    const place = { file, line: line([section]), path: section }
    if (!isSection(section)) {
      issues.push({
        ...place,
        message: `is no section; sections are ${sections.join(', ')}${didYouMean(section, sections)}`,
      })
    } else if (members !== null && !isRecord(members)) {
      issues.push({ ...place, message: `must be a map from names to ${section}` })
    } else {
      for (const [name, written] of Object.entries(members ?? {})) {
        const inFile = (path: readonly PropertyKey[]) => line([section, name, ...path])
        entries.push(entryOf({ file, section, name, written, line: inFile }, variables, issues))
      }
    }
  }
  return { entries, issues, warnings: [] }
}
