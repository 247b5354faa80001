// The configuration in force while the process runs: read again when its files change, kept when they are faulty.
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../handlers/ports/log.ts'
import type { Settings } from '../../handlers/ports/settings.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import type { ExplainedPart, ReportedIssue } from '../../schemas/configuration-report.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'
import { explainChain } from './explain-chain.ts'
import { fingerprintOf } from './list-files.ts'
import { type LoadConfigurationOptions, type LoadedConfiguration, loadConfiguration } from './load-configuration.ts'
import { type PublishedConfiguration, publishConfiguration } from './publish-configuration.ts'
import { ConfigurationInvalid } from './settings-errors.ts'

export interface ConfigurationVersion extends PublishedConfiguration {
  readonly hash: string
  readonly loadedAt: string
}

export interface LiveConfiguration extends Settings {
  readonly version: () => ConfigurationVersion
  readonly warnings: () => readonly ReportedIssue[]
  /** Every value a chain runs under; null when there is no such chain. */
  explain(chain: string): readonly ExplainedPart[] | null
  /**
   * Those in force. What a newer version removed stays until the process ends:
   * sessions that began with it pinned its name.
   */
  readonly providers: () => Readonly<Record<string, ProviderDefinition>>
  readonly servers: () => Readonly<Record<string, McpServerDefinition>>
  /** Looks for changes from now on; `onVersion` is awaited for each new version, and called again when it throws. */
  watch(onVersion: (version: ConfigurationVersion) => Promise<void>): void
  stop(): Promise<void>
}

export interface LiveConfigurationOptions extends LoadConfigurationOptions {
  readonly log: Log
  /** Between two looks; a change is taken when two looks in a row see the same files. */
  readonly everyMs?: number
}

const longestStopMs = 1_000

/** @throws ConfigurationInvalid when the files are faulty at the start. */
export const startLiveConfiguration = async (options: LiveConfigurationOptions): Promise<LiveConfiguration> => {
  const { log, userDir, everyMs = 500 } = options
  const seenAtStart = userDir === undefined ? '' : await fingerprintOf(userDir)
  let loaded = await loadConfiguration(options)
  let version = versionOf(loaded, options)
  let { providers, mcp_servers: servers } = loaded.configuration
  warn(loaded, log)

  const take = (next: LoadedConfiguration): void => {
    const before = version
    loaded = next
    providers = { ...providers, ...next.configuration.providers }
    servers = { ...servers, ...next.configuration.mcp_servers }
    // Header values and the like are no part of what names a version, yet they count from now on.
    if (next.hash === before.hash) return
    version = versionOf(next, options)
    warn(next, log)
    log.info({ version: version.hash, before: before.hash }, 'The configuration changed: new sessions begin under it.')
  }

  /** @returns the fault that keeps the files from being taken, as text; null when they are in force. */
  const reload = async (): Promise<string | null> => {
    try {
      take(await loadConfiguration(options))
      return null
    } catch (error) {
      if (!(error instanceof ConfigurationInvalid)) throw error
      log.error(
        { issues: error.issues, version: version.hash },
        `${error.message}\nIt is not taken; the version before stays in force.`,
      )
      return error.message
    }
  }

  const stopping = new AbortController()
  let watching: Promise<void> = Promise.resolve()
  const look = async (folder: string, onVersion: (version: ConfigurationVersion) => Promise<void>): Promise<void> => {
    let taken = seenAtStart
    let seen = seenAtStart
    let told = version.hash
    let faulty = false
    while (!stopping.signal.aborted) {
      try {
        const now = await fingerprintOf(folder)
        if (now !== taken && now === seen) {
          const fault = await reload()
          taken = now
          if (faulty && fault === null) log.info({ version: version.hash }, 'The configuration is sound again.')
          faulty = fault !== null
        }
        seen = now
        if (version.hash !== told) {
          const current = version
          await onVersion(current)
          told = current.hash
        }
      } catch (error) {
        log.warn({ err: error }, 'Looking after the configuration failed; it is tried again.')
      }
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    current: () => ({ configuration: loaded.configuration, hash: version.hash }),
    version: () => version,
    warnings: () => loaded.warnings,
    explain: (chain) =>
      Object.hasOwn(loaded.configuration.chains, chain) ? explainChain(loaded, chain, options.variables) : null,
    providers: () => providers,
    servers: () => servers,
    watch: (onVersion) => {
      if (userDir !== undefined) watching = look(userDir, onVersion)
    },
    // Whoever records a version may wait for a log that is away: nothing is lost by leaving.
    stop: async () => {
      stopping.abort()
      await Promise.race([watching, delay(longestStopMs, undefined, { ref: false })])
    },
  }
}

const versionOf = (loaded: LoadedConfiguration, { variables }: LoadConfigurationOptions): ConfigurationVersion => ({
  hash: loaded.hash,
  loadedAt: new Date().toISOString(),
  ...publishConfiguration(loaded.configuration, loaded.find, variables),
})

const warn = ({ warnings }: LoadedConfiguration, log: Log): void => {
  for (const { file, line, path, message } of warnings) log.warn({ file, line, path }, `${path}: ${message}`)
}
