// `casebook restore`: writes a backup, or a lost log from a copy, into the servers of a Casebook that does not run.
import { type Command, Option } from 'commander'
import type { Cli, JsonOption } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { counted } from '../issue-lines.ts'
import { writeJson } from '../output.ts'
import type { OnProgress, RestoreTools } from '../restore-tools.ts'

const lineMs = 1_000

type Options = JsonOption & { readonly from?: 'postgres' | 'archive'; readonly keys?: string }

export const addRestore = (program: Command, cli: Cli, tools: RestoreTools): void => {
  program
    .command('restore [file]')
    .description(
      'write a backup, or a lost log from a copy, into empty servers while Casebook is stopped; again, it goes on',
    )
    .addOption(new Option('--from <copy>', 'the copy to take instead of a file').choices(['postgres', 'archive']))
    .option('--keys <file>', 'with a backup file: keys of persons and tombstones, the newest there is')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, options: Options) => {
      const { write } = cli
      if ((file === undefined) === (options.from === undefined)) {
        throw new WrongUsage('Name either a backup file or, with --from, a copy.')
      }
      if (options.keys !== undefined && file === undefined) throw new WrongUsage('--keys goes with a backup file.')
      const onProgress = options.json === true ? () => undefined : showProgress(cli)
      const report = await (file !== undefined
        ? tools.fromBackup(file, onProgress, options.keys)
        : options.from === 'archive'
          ? tools.fromArchive(onProgress)
          : tools.fromPostgres(onProgress))
      if (options.json === true) return writeJson(write, report)
      const { commits, written, sequence, from, kept, emptied, missingBlobs } = report
      write(
        `${counted(commits, 'commit')} up to ${sequence} are on the log, ${written} of them written from ${from}.\n`,
      )
      if (emptied.length > 0) write(`Filled anew at the next start: ${emptied.join(', ')}; ${kept.length} go on.\n`)
      if (missingBlobs > 0)
        write(`${counted(missingBlobs, 'long text')} that events name are not there: only a backup has them.\n`)
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
