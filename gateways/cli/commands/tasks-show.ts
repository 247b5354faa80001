// `casebook tasks show`: one task, its runs, and the sessions they opened.
import type { Command } from 'commander'
import { taskView } from '../../../projections/task-view.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { oneLine, plain, writeJson, writeTable } from '../output.ts'

export const addTasksShow = (tasks: Command, { api, write }: Cli): void => {
  tasks
    .command('show <id>')
    .description('one task: when it is due, and its latest runs')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption) => {
      const task = await api().get(`/v1/tasks/${encodeURIComponent(id)}`, taskView)
      if (options.json === true) return writeJson(write, task)
      write(`${task.id}  ${task.status}  ${oneLine(task.title)}\n`)
      write(`asked for by ${oneLine(task.createdBy.id)} at ${task.createdAt}\n`)
      if (task.nextAt !== null) write(`next run ${task.nextAt}\n`)
      if (task.repeat !== null) write(`every ${task.repeat.every_seconds} s, ${task.repeat.times} times in all\n`)
      if (task.cancelledBy !== null) {
        write(`cancelled by ${oneLine(task.cancelledBy.id)}${task.reason ? `: ${oneLine(task.reason)}` : ''}\n`)
      }
      if (task.input.text !== '') write(`  ${plain(task.input.text).replaceAll('\n', '\n  ')}\n`)
      const rows = task.runs.map(({ run, at, why, status, sessionId }) => [
        String(run),
        why,
        at,
        status,
        sessionId ?? '',
      ])
      writeTable(write, ['run', 'why', 'due', 'status', 'session'], rows)
    })
}
