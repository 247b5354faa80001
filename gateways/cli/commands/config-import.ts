// `casebook config import`: files of another program become ours, with a line for everything that changed or was left behind.
import type { Command } from 'commander'
import type { Cli, JsonOption } from '../cli.ts'
import type { ConfigurationTools } from '../configuration-tools.ts'
import { counted, writeIssues } from '../issue-lines.ts'
import { writeJson } from '../output.ts'

export const addConfigImport = (
  group: Command,
  { write, exitWith }: Cli,
  { importTarsy }: ConfigurationTools,
): void => {
  group
    .command('import <tarsy.yaml> [llm-providers.yaml]')
    .description(
      'write a tarsy.yaml as files of ours and report what did not carry over; exit code 1 if they need mending',
    )
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--json', 'as JSON')
    .action(async (tarsy: string, providers: string | undefined, options: JsonOption & { readonly out: string }) => {
      const report = await importTarsy({ tarsy, providers: providers ?? null, out: options.out })
      if (report.issues.length > 0) exitWith(1)
      if (options.json === true) return writeJson(write, report)
      for (const file of report.written) write(`wrote ${options.out}/${file}\n`)
      writeIssues(write, report.changed, 'changed: ')
      writeIssues(write, report.notCarriedOver, 'not carried over: ')
      writeIssues(write, report.issues, 'to mend: ')
      write(
        `${counted(report.written.length, 'file')}; ${report.changed.length} changed, ` +
          `${report.notCarriedOver.length} not carried over, ${report.issues.length} to mend. ` +
          `Then: CASEBOOK_CONFIG_DIR=${options.out} casebook serve\n`,
      )
    })
}
