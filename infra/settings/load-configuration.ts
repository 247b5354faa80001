// The configuration in force: built-in files with the user's laid over them, checked as a whole, every fault told at once.
import { readFile, stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { type Configuration, configuration as configurationSchema } from '../../schemas/agent-definition.ts'
import { readAgentFile } from './agent-file.ts'
import { checkEntry, typedEntry } from './check-entry.ts'
import { checkKeys, checkWebSearch } from './check-models.ts'
import { checkPlanners } from './check-planners.ts'
import { checkPrices, type HasPublishedPrice } from './check-prices.ts'
import { checkReferences } from './check-references.ts'
import { type Entry, type FindEntry, nothingRead, type ReadFile, type Section } from './configuration-entry.ts'
import { readYamlFile } from './configuration-file.ts'
import { configurationHash } from './configuration-hash.ts'
import type { Variables } from './interpolate.ts'
import { listFiles } from './list-files.ts'
import { ConfigurationInvalid, type ConfigurationIssue } from './settings-errors.ts'
import { settleEntry } from './settle-entry.ts'
import { withoutValues } from './shown-value.ts'

export interface LoadConfigurationOptions {
  /** `config/` of this repository. */
  readonly builtInDir: string
  /** `CASEBOOK_CONFIG_DIR`; entries replace built-in ones of the same name, fields of `defaults` one by one. */
  readonly userDir?: string | undefined
  /** For `${NAME}`: the environment, and `CASEBOOK_SIMULATOR_URL` when the simulator runs. */
  readonly variables: Variables
  /** Used where no file names `defaults.provider`; absent lets the environment decide. */
  readonly defaultProvider?: string | undefined
  /** Absent leaves it unsaid which models have no price. */
  readonly hasPublishedPrice?: HasPublishedPrice | undefined
}

export interface LoadedConfiguration {
  readonly configuration: Configuration
  readonly hash: string
  /** The files it was read from, in order. */
  readonly sources: readonly string[]
  /** What is read all the same, and may not be what was meant. */
  readonly warnings: readonly ConfigurationIssue[]
  /** The entry in force, as it was written; absent for what the environment or a default of the schema decided. */
  readonly find: FindEntry
  readonly isBuiltIn: (entry: Entry) => boolean
}

/** @throws ConfigurationInvalid with every fault found. */
export const loadConfiguration = async (options: LoadConfigurationOptions): Promise<LoadedConfiguration> => {
  const supplied = {
    CASEBOOK_NODE: process.execPath,
    CASEBOOK_ROOT: dirname(resolve(options.builtInDir)),
    CASEBOOK_SIMULATOR_URL: options.variables['CASEBOOK_SIMULATOR_URL'],
  }
  const variables = { ...options.variables, ...supplied }
  const builtIn = await readFolder(options.builtInDir, variables)
  const own = options.userDir === undefined ? emptyFolder : await readFolder(options.userDir, variables)

  const settled = [...builtIn.entries, ...own.entries].map(settleEntry([...builtIn.entries, ...own.entries]))
  const entries = settled.map(({ entry }) => typedEntry(entry))
  const faults = new Map(entries.map((entry) => [entry, checkEntry(entry)]))
  const issues = [...builtIn.issues, ...own.issues, ...repeated(builtIn.entries), ...repeated(own.entries)]
  // A variable that is not set is the fault, not what its place makes of the text.
  const unset = new Set(issues.map(({ file, path }) => `${file} ${path}`))
  issues.push(...[...faults.values()].flat().filter(({ file, path }) => !unset.has(`${file} ${path}`)))

  const effective = new Map(entries.map((entry) => [`${entry.section}/${entry.name}`, entry]))
  const find: FindEntry = (section, name) => effective.get(`${section}/${name}`)
  // References are checked among what is sound, so that one run tells everything.
  const sound = merge([...effective.values()].filter((entry) => faults.get(entry)?.length === 0))
  const provider = options.defaultProvider ?? defaultProviderOf(variables)
  const parsed = configurationSchema.safeParse({ ...sound, defaults: { provider, ...sound.defaults } })
  if (parsed.success) {
    issues.push(...checkReferences(parsed.data, find, namesOf([...effective.values()])))
    issues.push(...checkPlanners(parsed.data, find))
    issues.push(...checkWebSearch(parsed.data, find))
  } else if (issues.length === 0) {
    const file = shownName(options.userDir ?? options.builtInDir)
    issues.push(...parsed.error.issues.map(({ path, message }) => ({ file, line: 0, path: path.join('.'), message })))
  }
  // A name that leads nowhere is told as it was filled in, and so might a secret be.
  const told = (each: readonly ConfigurationIssue[]): readonly ConfigurationIssue[] =>
    inOrder(each.map((issue) => ({ ...issue, message: withoutValues(issue.message, variables) })))
  if (!parsed.success || issues.length > 0) throw new ConfigurationInvalid(told(issues))

  const hash = configurationHash(parsed.data, supplied)
  const { hasPublishedPrice } = options
  const today = new Date().toISOString().slice(0, 10)
  const unpriced = hasPublishedPrice === undefined ? [] : checkPrices(parsed.data, find, hasPublishedPrice, today)
  const ofBuiltIn = new Set(entries.slice(0, builtIn.entries.length))
  return {
    configuration: parsed.data,
    hash,
    sources: [...builtIn.files, ...own.files],
    warnings: told([
      ...builtIn.warnings,
      ...own.warnings,
      ...settled.flatMap(({ warnings }) => warnings),
      ...unpriced,
      ...checkKeys(parsed.data, find, variables),
    ]),
    find,
    isBuiltIn: (entry) => ofBuiltIn.has(entry),
  }
}

interface ReadFolder extends ReadFile {
  readonly files: readonly string[]
}

const emptyFolder: ReadFolder = { ...nothingRead, files: [] }

const readFolder = async (folder: string, variables: Variables): Promise<ReadFolder> => {
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory()) {
    const message = 'is no folder; create it, or mend CASEBOOK_CONFIG_DIR'
    return { ...emptyFolder, issues: [{ file: shownName(folder), line: 0, path: '', message }] }
  }
  const files = await listFiles(folder)
  const read = await Promise.all(
    files.map(async (file): Promise<ReadFile> => {
      const shown = shownName(file)
      try {
        const text = await readFile(file, 'utf8')
        return file.endsWith('.md') ? readAgentFile(shown, text, variables) : readYamlFile(shown, text, variables)
      } catch (error) {
        const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
        return { ...nothingRead, issues: [{ file: shown, line: 0, path: '', message }] }
      }
    }),
  )
  return {
    files,
    entries: read.flatMap(({ entries }) => entries),
    issues: read.flatMap(({ issues }) => issues),
    warnings: read.flatMap(({ warnings }) => warnings),
  }
}

/** The same name twice in one folder: nobody could say which one counts. */
const repeated = (entries: readonly Entry[]): readonly ConfigurationIssue[] => {
  const first = new Map<string, Entry>()
  return entries.flatMap((entry) => {
    const key = `${entry.section}/${entry.name}`
    const before = first.get(key)
    if (before === undefined) {
      first.set(key, entry)
      return []
    }
    const { file, line } = before.issue([], '')
    return [entry.issue([], `is defined in ${file}:${line} too; keep one`)]
  })
}

const merge = (entries: readonly Entry[]): Readonly<Record<Section, Readonly<Record<string, unknown>>>> => {
  const section = (wanted: Section): Readonly<Record<string, unknown>> =>
    Object.fromEntries(entries.filter((entry) => entry.section === wanted).map(({ name, value }) => [name, value]))
  return {
    defaults: section('defaults'),
    agents: section('agents'),
    chains: section('chains'),
    mcp_servers: section('mcp_servers'),
    providers: section('providers'),
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''

/** Where no file names `defaults.provider`: `openai` when a key or an endpoint is set, else the offline `simulator`. */
const defaultProviderOf = (variables: Variables): 'openai' | 'simulator' =>
  isSet(variables['OPENAI_API_KEY']) || isSet(variables['OPENAI_BASE_URL']) ? 'openai' : 'simulator'

const namesOf =
  (entries: readonly Entry[]) =>
  (section: Section): readonly string[] =>
    entries.filter((entry) => entry.section === section).map(({ name }) => name)

const inOrder = (issues: readonly ConfigurationIssue[]): readonly ConfigurationIssue[] =>
  [...issues].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))

const shownName = (file: string): string => {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith('..') ? file : near
}
