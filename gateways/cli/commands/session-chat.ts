// `casebook sessions ask|chat`: questions about a session that has ended, and their answers.
import type { Command } from 'commander'
import { z } from 'zod'
import { chatView } from '../../../projections/chat-view.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { followAnswer } from '../follow-answer.ts'
import { oneLine, plain, writeJson } from '../output.ts'

const asked = z.looseObject({ id: z.string(), sequence: z.int(), executionId: z.string() })
const page = z.object({ items: z.array(chatView), next: z.string().nullable() })

interface AskOptions extends JsonOption {
  readonly follow: boolean
}

export const addSessionChat = (sessions: Command, { api, write, exitWith }: Cli): void => {
  const pathOf = (id: string): string => `/v1/sessions/${encodeURIComponent(id)}/chat`

  sessions
    .command('ask <id> <text>')
    .description('ask about a session that has ended and follow the answer; exit code 1 when there is none')
    .option('--no-follow', 'do not wait for the answer')
    .option('--json', 'as JSON, without waiting for the answer')
    .action(async (id: string, text: string, { follow, json }: AskOptions) => {
      const answer = await api().post(pathOf(id), { text }, asked)
      if (json === true) return writeJson(write, answer)
      const { executionId, sequence } = answer
      if (!follow) return write(`${executionId} answers; see "casebook sessions chat ${id}".\n`)
      const { status, cause } = await followAnswer(api(), { sessionId: id, executionId, sequence }, write)
      if (status === 'completed') return
      write(`not answered (${status}): ${oneLine(cause?.message ?? '')}\n${oneLine(cause?.nextStep ?? '')}\n`)
      exitWith(1)
    })
  sessions
    .command('chat <id>')
    .description('what was asked about a session since its end, by whom, and the answers')
    .option('--limit <n>', 'at most so many', '50')
    .option('--cursor <cursor>', 'goes on where a page ended')
    .option('--json', 'as JSON')
    .action(
      async (
        id: string,
        { limit, cursor, json }: JsonOption & { readonly limit: string; readonly cursor?: string },
      ) => {
        const query = new URLSearchParams({ limit, ...(cursor !== undefined && { cursor }) })
        const answer = await api().get(`${pathOf(id)}?${query}`, page)
        if (json === true) return writeJson(write, answer)
        if (answer.items.length === 0) write('Nobody has asked.\n')
        for (const item of answer.items) write(told(item))
        if (answer.next !== null) write(`More: --cursor ${answer.next}\n`)
      },
    )
}

const told = ({
  number,
  askedBy,
  askedAt,
  question,
  status,
  answer,
  cause,
  toolCalls,
  simulated,
}: z.infer<typeof chatView>): string =>
  [
    `${number}. ${oneLine(askedBy.id)}, ${askedAt}: ${plain(question.text).trim()}`,
    ...toolCalls.map(({ name, status: outcome }) => `  → ${oneLine(name)} ${outcome}`),
    ...(answer === null
      ? []
      : plain(answer.text)
          .trim()
          .split('\n')
          .map((line) => `  │ ${line}`)),
    ...(status === 'answered' ? [] : [`  ${status}${cause === null ? '' : `: ${oneLine(cause.message)}`}`]),
    ...(simulated ? ['  (simulated: no language model wrote this)'] : []),
    '',
  ].join('\n')
