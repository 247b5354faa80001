// `casebook config check`: are these files a configuration? Exit code 1 when they are not.
import type { Command } from 'commander'
import type { Cli, JsonOption } from '../cli.ts'
import type { ConfigurationTools } from '../configuration-tools.ts'
import { counted, writeIssues } from '../issue-lines.ts'
import { writeJson } from '../output.ts'

export const addConfigCheck = (
  group: Command,
  { write, exitWith }: Cli,
  { check }: ConfigurationTools,
  ownFolder: string | null,
): void => {
  group
    .command('check [folder]')
    .description('check a folder (else CASEBOOK_CONFIG_DIR) over the built-in configuration; exit code 1 on faults')
    .option('--json', 'as JSON')
    .action(async (folder: string | undefined, options: JsonOption) => {
      const checked = await check(folder ?? ownFolder)
      if (checked.kind === 'faulty') exitWith(1)
      if (options.json === true) return writeJson(write, checked)
      if (checked.kind === 'faulty') {
        writeIssues(write, checked.issues)
        write(`${counted(checked.issues.length, 'fault')}\n`)
        return
      }
      const { counts, warnings, hash } = checked
      writeIssues(write, warnings, 'warning: ')
      const { agents, chains, mcp_servers: servers, providers } = counts
      write(
        `ok${warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`}: ${counted(agents, 'agent')}, ${counted(chains, 'chain')}, ` +
          `${counted(servers, 'MCP server')}, ${counted(providers, 'provider')}; version ${hash.slice(0, 12)}\n`,
      )
    })
}
