// `casebook sessions show`: one session with its stages, figures and report.
import type { Command } from 'commander'
import { type SessionView, sessionView } from '../../../projections/session-view.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { oneLine, writeJson } from '../output.ts'
import { writeReport } from '../report.ts'

export const addSessionShow = (sessions: Command, { api, write }: Cli): void => {
  sessions
    .command('show <id>')
    .description('a session with its stages, summary and report')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption) => {
      const session = await api().get(`/v1/sessions/${encodeURIComponent(id)}`, sessionView)
      if (options.json === true) return writeJson(write, session)
      const { usage, toolCalls, cost } = session
      write(`${oneLine(session.title)}\n`)
      write(
        `${session.id}  ${session.status}${session.simulated ? ' (simulated)' : ''}  chain ${session.chain ?? 'not chosen yet'}\n`,
      )
      if (session.queue !== null) write(`${placeText(session.queue)}\n`)
      write(`started ${session.startedAt}${session.endedAt === null ? '' : `, ended ${session.endedAt}`}\n`)
      for (const stage of session.stages) write(`  ${stage.index + 1}. ${oneLine(stage.name)}: ${stage.status}\n`)
      write(
        `tokens: ${usage.inputTokens} in, ${usage.outputTokens} out; tool calls: ${toolCalls.requested}, refused: ${toolCalls.refused}; cost: ${costText(cost)}\n`,
      )
      if (session.chat.questions > 0) write(`${chatText(session)}\n`)
      writeReport(write, session)
    })
}

const placeText = ({ lane, since, position }: NonNullable<SessionView['queue']>): string =>
  `waits for a place in lane ${lane} since ${since}${position === null ? '' : `, number ${position} in line`}`

const chatText = ({ id, chat: { questions, open } }: SessionView): string =>
  `asked since: ${questions}${open === 0 ? '' : `, ${open} not answered yet`} (casebook sessions chat ${id})`

const costText = ({ usdMicros, unpricedReplies }: SessionView['cost']): string => {
  const known = `$${(usdMicros / 1_000_000).toFixed(3)}`
  if (unpricedReplies === 0) return known
  return usdMicros === 0 ? 'unknown' : `${known} and ${unpricedReplies} replies without a known price`
}
