// `casebook inputs show`: one question in full, and what became of it or how to answer it.
import type { Command } from 'commander'
import { inputView } from '../../../projections/inputs.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { plain, writeJson } from '../output.ts'
import { answerLine, questionLines, waysToAnswer } from '../question-lines.ts'

export const addInputsShow = (inputs: Command, { api, write }: Cli): void => {
  inputs
    .command('show <id>')
    .description('what is asked in full, and how to answer it')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption) => {
      const input = await api().get(`/v1/inputs/${encodeURIComponent(id)}`, inputView)
      if (options.json === true) return writeJson(write, input)
      const { status, kind, sessionId, requestedAt, expiresAt, closedAt, answer, answeredBy } = input
      write(`${input.id}  ${kind}  ${status}  of ${sessionId}\n`)
      write(`asked ${requestedAt}, ${closedAt === null ? `expires ${expiresAt}` : `closed ${closedAt}`}\n`)
      for (const line of questionLines(input.question)) write(`  ${plain(line).replaceAll('\n', '\n  ')}\n`)
      if (answer !== null) write(`${plain(answeredBy?.id ?? 'somebody')}: ${plain(answerLine(answer))}\n`)
      if (status !== 'open') return
      for (const way of waysToAnswer(input)) write(`${way}\n`)
    })
}
