// `casebook sessions`, `watch` and `events`.
import type { Command } from 'commander'
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import type { ApiClient } from './api-client.ts'
import { followSession } from './follow-session.ts'
import { cut, pairOf, type Write, writeTable } from './output.ts'

const sessionItem = sessionView.omit({ input: true, executions: true, finalAnalysis: true, stages: true })
const sessionPage = z.object({ items: z.array(sessionItem), next: z.string().nullable() })
const timelinePage = z.object({
  items: z.array(z.object({ at: z.string(), kind: z.string(), title: z.string(), text: z.string() })),
  next: z.string().nullable(),
})
const eventPage = z.object({ items: z.array(z.looseObject({ logsequence: z.int().optional() })), next: z.string().nullable() })
const outcome = z.looseObject({})

interface ListOptions {
  readonly status?: string
  readonly chain?: string
  readonly text?: string
  readonly label?: Readonly<Record<string, string>>
  readonly limit: string
  readonly json?: boolean
}

export const addSessionCommands = (program: Command, api: () => ApiClient, write: Write): void => {
  const sessions = program.command('sessions').description('list sessions, or look at one')
  sessions
    .command('list', { isDefault: true })
    .description('the newest sessions')
    .option('--status <status>', 'queued, running, summarizing, completed, failed, cancelled')
    .option('--chain <chain>', 'only this chain')
    .option('--text <words>', 'words of the title, the report or the labels')
    .option('--label <name=value>', 'only with this label (repeatable)', pairOf)
    .option('--limit <n>', 'how many', '20')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      const query = new URLSearchParams({ limit: options.limit })
      for (const name of ['status', 'chain', 'text'] as const) {
        const value = options[name]
        if (value !== undefined) query.set(name, value)
      }
      for (const [name, value] of Object.entries(options.label ?? {})) query.append('label', `${name}=${value}`)
      const page = await api().get(`/v1/sessions?${query}`, sessionPage)
      if (options.json === true) return write(`${JSON.stringify(page, null, 2)}\n`)
      if (page.items.length === 0) return write('No sessions. Send an alert: casebook alert send "Disk is full"\n')
      const rows = page.items.map((item) => [item.id, item.status, item.startedAt, item.chain ?? '', cut(item.title, 60)])
      return writeTable(write, ['id', 'status', 'started', 'chain', 'title'], rows)
    })

  sessions
    .command('show <id>')
    .description('a session with its stages, report and summary')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { readonly json?: boolean }) => {
      const session = await api().get(`/v1/sessions/${id}`, sessionView)
      if (options.json === true) return write(`${JSON.stringify(session, null, 2)}\n`)
      const simulated = session.simulated ? ' (simulated)' : ''
      write(`${session.title}\n${session.id}  ${session.status}${simulated}  chain ${session.chain ?? 'not chosen yet'}\n`)
      for (const stage of session.stages) write(`  ${stage.index + 1}. ${stage.name}: ${stage.status}\n`)
      write(`tokens: ${session.usage.inputTokens} in, ${session.usage.outputTokens} out; tool calls: ${session.toolCalls.settled}\n`)
      if (session.summary !== null) write(`\n${session.summary}\n`)
      if (session.finalAnalysis !== null) write(`\n${session.finalAnalysis.text}\n`)
      if (session.cause !== null && session.status !== 'completed') write(`\n${session.cause.message}\n${session.cause.nextStep}\n`)
    })

  sessions
    .command('timeline <id>')
    .description('what happened, line by line')
    .action(async (id: string) => {
      let cursor = ''
      do {
        const page = await api().get(`/v1/sessions/${id}/timeline?limit=200${cursor}`, timelinePage)
        for (const item of page.items) {
          write(`${item.at}  ${item.kind.padEnd(16)}  ${item.title}  ${cut(item.text.replaceAll('\n', ' '), 100)}\n`)
        }
        cursor = page.next === null ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
    })

  sessions
    .command('cancel <id>')
    .description('end a session now')
    .option('--reason <text>', 'kept on the log', '')
    .action(async (id: string, { reason }: { readonly reason: string }) => {
      await api().post(`/v1/sessions/${id}/cancel`, { reason }, outcome)
      write(`${id} is cancelled.\n`)
    })

  program
    .command('watch <id>')
    .description('follow a session live until it ends; exit code 1 when it fails')
    .action(async (id: string) => {
      const { status } = await followSession(api(), id, write)
      if (status !== 'completed') process.exitCode = 1
    })

  program
    .command('events <id>')
    .description('the raw events of a session, one CloudEvent a line')
    .action(async (id: string) => {
      let cursor = ''
      do {
        const page = await api().get(`/v1/sessions/${id}/events?limit=200${cursor}`, eventPage)
        for (const event of page.items) write(`${JSON.stringify(event)}\n`)
        cursor = page.next === null ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
    })

  program
    .command('send <command> <json>')
    .description('any public command by name, such as CancelSession')
    .action(async (name: string, json: string) => {
      const answer = await api().post(`/v1/commands/${name}`, JSON.parse(json), outcome)
      write(`${JSON.stringify(answer, null, 2)}\n`)
    })
}
