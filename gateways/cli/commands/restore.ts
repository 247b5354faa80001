// `casebook restore`: writes a lost log back from a copy, without a running server.
import { type Command, Option } from 'commander'
import type { Cli, JsonOption } from '../cli.ts'
import { counted } from '../issue-lines.ts'
import { writeJson } from '../output.ts'
import type { OnProgress, RestoreTools } from '../restore-tools.ts'

const lineMs = 1_000

export const addRestore = (program: Command, cli: Cli, tools: RestoreTools): void => {
  program
    .command('restore')
    .description('write a lost log back, while Casebook is stopped; given again after a break it goes on where it was')
    .addOption(new Option('--from <copy>', 'the copy to take').choices(['postgres']).makeOptionMandatory())
    .option('--json', 'as JSON')
    .action(async (options: JsonOption & { readonly from: 'postgres' }) => {
      const { write } = cli
      const report = await tools.fromPostgres(options.json === true ? () => undefined : showProgress(cli))
      if (options.json === true) return writeJson(write, report)
      const { commits, written, sequence, from, kept, emptied, missingBlobs } = report
      write(
        `${counted(commits, 'commit')} up to ${sequence} are on the log, ${written} of them written from ${from}.\n`,
      )
      if (emptied.length > 0) write(`Filled anew at the next start: ${emptied.join(', ')}; ${kept.length} go on.\n`)
      if (missingBlobs > 0)
        write(`${counted(missingBlobs, 'long text')} that events name are not there: restore them from a backup.\n`)
      write('Start Casebook; then: casebook audit verify\n')
    })
}

/** A line that redraws itself on a terminal, else one a second. */
const showProgress = ({ write, terminal }: Cli): OnProgress => {
  let shownAt = Number.NEGATIVE_INFINITY
  return (done, of) => {
    if (done < of && performance.now() - shownAt < (terminal ? lineMs / 10 : lineMs)) return
    shownAt = performance.now()
    const line = `${done} of ${of} commits (${Math.floor((100 * done) / Math.max(1, of))} %)`
    write(terminal ? `\r\u001b[K${line}${done === of ? '\n' : ''}` : `${line}\n`)
  }
}
