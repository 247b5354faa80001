// `casebook config explain`: every value a chain runs under, and which layer and line decided it.
import type { Command } from 'commander'
import type { JsonValue } from '../../../schemas/json-value.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import type { ConfigurationTools } from '../configuration-tools.ts'
import { writeIssues } from '../issue-lines.ts'
import { cut, oneLine, writeJson, writeTable } from '../output.ts'

const widestValue = 60

export const addConfigExplain = (
  group: Command,
  { write, exitWith }: Cli,
  { explain }: ConfigurationTools,
  ownFolder: string | null,
): void => {
  group
    .command('explain <chain>')
    .description('the resolved value of every field a chain runs under, and the layer it came from')
    .option('--folder <path>', 'instead of CASEBOOK_CONFIG_DIR')
    .option('--json', 'as JSON, long values whole')
    .action(async (chain: string, options: JsonOption & { readonly folder?: string }) => {
      const explained = await explain(options.folder ?? ownFolder, chain)
      if (explained.kind === 'no_such_chain') throw new WrongUsage(explained.message)
      if (explained.kind === 'faulty') exitWith(1)
      if (options.json === true) return writeJson(write, explained)
      if (explained.kind === 'faulty') return writeIssues(write, explained.issues)
      for (const { title, fields } of explained.parts) {
        write(`${title}\n`)
        const rows = fields.map(({ field, value, layer, from }) => [`  ${field}`, shown(value), layer, from])
        writeTable(write, ['  field', 'value', 'layer', 'from'], rows)
        write('\n')
      }
      write(`version ${explained.hash}\n`)
    })
}

const shown = (value: JsonValue): string => {
  if (value === null) return 'not set'
  if (value === '') return '(empty)'
  if (typeof value === 'string') return cut(oneLine(value), widestValue)
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    return value.length === 0 ? 'none' : cut(value.join(', '), widestValue)
  }
  const text = JSON.stringify(value)
  return text === '{}' ? 'none' : cut(text, widestValue)
}
