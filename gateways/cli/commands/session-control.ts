// `casebook sessions pause|resume|say|cancel-agent`: what people do to a session under way.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

interface Reasoned extends JsonOption {
  readonly reason?: string
}

export const addSessionControl = (sessions: Command, { api, write }: Cli): void => {
  const send = async (path: readonly string[], body: object, { json }: JsonOption, done: string): Promise<void> => {
    const answer = await api().post(`/v1/sessions/${path.map(encodeURIComponent).join('/')}`, body, written)
    if (json === true) return writeJson(write, answer)
    write(`${done}\n`)
  }
  const because = ({ reason }: Reasoned): object => (reason === undefined ? {} : { reason })

  sessions
    .command('pause <id>')
    .description('let calls under way finish and begin nothing new')
    .option('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action((id: string, options: Reasoned) => send([id, 'pause'], because(options), options, `${id} is paused.`))
  sessions
    .command('resume <id>')
    .description('go on where it was paused')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) => send([id, 'resume'], {}, options, `${id} goes on.`))
  sessions
    .command('say <id> <text>')
    .description('say something to the agents at work; they hear it at their next step')
    .option('--to <execution>', 'to this agent only')
    .option('--json', 'as JSON')
    .action((id: string, text: string, options: JsonOption & { readonly to?: string }) =>
      send(
        [id, 'messages'],
        { text, ...(options.to !== undefined && { executionId: options.to }) },
        options,
        `${options.to ?? 'Every agent at work'} hears it at the next step.`,
      ),
    )
  sessions
    .command('cancel-agent <id> <execution>')
    .description('end one agent or helper; its stage goes on by its policy')
    .option('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action((id: string, execution: string, options: Reasoned) =>
      send([id, 'executions', execution, 'cancel'], because(options), options, `${execution} is ended.`),
    )
}
