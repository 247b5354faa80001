// `casebook sessions fork|forks|replay`: go back in a session and on from there with something changed; or run it again.
import type { Command } from 'commander'
import { z } from 'zod'
import { sessionView } from '../../../projections/session-view.ts'
import type { Drift } from '../../../schemas/fork.ts'
import { type Cli, type JsonOption, positionOf, textOfFile } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { oneLine, plain, writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })
const forks = z.object({
  items: z.array(
    z.looseObject({ id: z.string(), kind: z.string(), at: z.int(), status: z.string(), title: z.string() }),
  ),
})
const stood = z.object({ type: z.string(), data: z.unknown() }).nullable()
const report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same'), commits: z.int(), events: z.int() }),
  z.object({
    kind: z.literal('diverged'),
    version: z.int(),
    sequence: z.int(),
    command: z.string().nullable(),
    expected: stood,
    got: stood,
    reason: z.string(),
  }),
])

interface ChangeOptions extends JsonOption {
  readonly at?: number
  readonly title?: string
  readonly stage?: string
  readonly agent?: string
  readonly model?: string
  readonly instructions?: string
  readonly useAgent?: string
  readonly task?: string
  readonly result?: readonly string[]
}

const lookEveryMs = 500

export const addSessionFork = (sessions: Command, { api, write, exitWith }: Cli): void => {
  const path = (id: string, ...more: readonly string[]): string =>
    `/v1/sessions/${[id, ...more].map(encodeURIComponent).join('/')}`

  withChangeOptions(
    sessions
      .command('fork <id>')
      .description('start a session that shares the first events of this one and goes on with something changed')
      .requiredOption('--at <version>', 'how many events are shared', positionOf),
  ).action(async (id: string, options: ChangeOptions) => {
    const answer = await api().post(path(id, 'fork'), await bodyOf(options), written)
    if (options.json === true) return writeJson(write, answer)
    write(`${answer.id} goes on from ${id} at version ${options.at}.\n`)
  })

  sessions
    .command('forks <id>')
    .description('sessions that share the history of this one')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: JsonOption) => {
      const { items } = await api().get(path(id, 'forks'), forks)
      if (json === true) return writeJson(write, items)
      for (const each of items)
        write(`${each.id}  ${each.kind} at ${each.at}  ${each.status}  ${oneLine(each.title)}\n`)
    })

  withChangeOptions(
    sessions
      .command('replay <id>')
      .description('decide a session again on what was recorded; with a change, run it again with recorded tools only')
      .option('--at <version>', 'run again from here; the adoption of the plan when absent', positionOf),
  ).action(async (id: string, options: ChangeOptions) => {
    const body = await bodyOf(options)
    if (Object.keys(body).length > 0) {
      const { id: replay } = await api().post(path(id, 'replays'), body, written)
      const ended = await endOf(replay)
      const { fork, status, cause } = ended
      if (options.json === true) return writeJson(write, { id: replay, status, drift: fork?.drift ?? null })
      write(`${replay} replays ${id}: ${status}\n`)
      if (fork?.drift != null) writeDrift(fork.drift)
      if (cause !== null && status !== 'completed') write(`${plain(cause.message)}\n${plain(cause.nextStep)}\n`)
      return
    }
    const found = await api().post(path(id, 'replay'), {}, report)
    if (found.kind === 'diverged') exitWith(1)
    if (options.json === true) return writeJson(write, found)
    if (found.kind === 'same') return write(`The same ${found.events} events in ${found.commits} commits.\n`)
    write(`Diverged at version ${found.version} (commit ${found.sequence}): ${found.reason}\n`)
    write(`expected: ${JSON.stringify(found.expected)}\ngot:      ${JSON.stringify(found.got)}\n`)
  })

  const endOf = async (id: string): Promise<z.infer<typeof sessionView>> => {
    for (;;) {
      const session = await api().get(path(id), sessionView)
      if (session.fork?.drift != null) return session
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }

  const writeDrift = ({ calls, notRecorded, turns, status, outcome, tokens, costMicros }: Drift): void => {
    write(`calls: ${calls.same} the same, ${calls.missing} not made, ${calls.added} added\n`)
    for (const each of notRecorded) write(`  not recorded: ${oneLine(each)}\n`)
    write(`turns: ${turns.source} → ${turns.replay}; tokens: ${tokens.source} → ${tokens.replay}\n`)
    write(`cost: $${dollars(costMicros.source)} → $${dollars(costMicros.replay)}\n`)
    write(`status: ${status.source} → ${status.replay}; outcome: ${outcome.source ?? '–'} → ${outcome.replay ?? '–'}\n`)
  }
}

const dollars = (micros: number): string => (micros / 1_000_000).toFixed(3)

const withChangeOptions = (command: Command): Command =>
  command
    .option('--title <text>', 'of the new session')
    .option('--stage <name>', 'change agents of this stage only')
    .option('--agent <name>', 'change agents of this name only')
    .option('--model <provider/model>', 'another model')
    .option('--instructions <text>', "in place of the agents' own; @file reads a file")
    .option('--use-agent <name>', 'another agent of the plan in their place')
    .option('--task <text>', 'what the stage is to do')
    .option(
      '--result <call=text>',
      'the answer of this tool call; repeatable',
      (value: string, all: readonly string[] = []) => [...all, value],
    )
    .option('--json', 'as JSON')

const bodyOf = async (options: ChangeOptions): Promise<Readonly<Record<string, unknown>>> => {
  const { at, title, stage, agent, model, instructions, useAgent, task, result } = options
  const changes = Object.fromEntries(
    Object.entries({
      stage,
      agent,
      model: model === undefined ? undefined : modelOf(model),
      instructions: instructions?.startsWith('@') ? await textOfFile(instructions.slice(1)) : instructions,
      useAgent,
      task,
      toolResults: result?.map(resultOf),
    }).filter(([, value]) => value !== undefined),
  )
  return {
    ...(at !== undefined && { at }),
    ...(title !== undefined && { title }),
    ...(Object.keys(changes).length > 0 && { changes }),
  }
}

const modelOf = (text: string): { readonly provider: string; readonly model: string } => {
  const at = text.indexOf('/')
  if (at < 1) throw new WrongUsage('--model must be <provider>/<model>, such as openai/gpt-5.')
  return { provider: text.slice(0, at), model: text.slice(at + 1) }
}

const resultOf = (text: string): { readonly toolCallId: string; readonly text: string } => {
  const at = text.indexOf('=')
  if (at < 1) throw new WrongUsage('--result must be <tool call id>=<text>.')
  return { toolCallId: text.slice(0, at), text: text.slice(at + 1) }
}
