// The command line's port to configuration files: nothing here asks a running server.
import type { ChainExplanation, ConfigurationCheck, ImportReport } from '../../schemas/configuration-report.ts'

export interface ConfigurationTools {
  /** A null folder is the built-in configuration alone. */
  check(folder: string | null): Promise<ConfigurationCheck>
  explain(folder: string | null, chain: string): Promise<ChainExplanation>
  /** @throws when a source cannot be read, or something is in the folder. */
  importTarsy(request: {
    readonly tarsy: string
    readonly providers: string | null
    readonly out: string
  }): Promise<ImportReport>
}
