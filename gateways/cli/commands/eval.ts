// `casebook eval run|list`: recorded sessions, prompts and alerts as regression tests of agents.
import type { Command } from 'commander'
import { z } from 'zod'
import { checkRun } from '../../../domain/evaluation/check-run.ts'
import { evaluationView } from '../../../projections/evaluations.ts'
import { sessionView } from '../../../projections/session-view.ts'
import type { EvaluationCheck } from '../../../schemas/evaluation.ts'
import type { ReadCase } from '../../../schemas/evaluation-case.ts'
import { type Cli, countOf, everyItem, type JsonOption } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import type { EvaluationTools } from '../evaluation-tools.ts'
import { oneLine, writeJson, writeTable } from '../output.ts'
import { readAfter } from '../read-after.ts'

const written = z.looseObject({ id: z.string() })
const calls = z.object({
  items: z.array(z.looseObject({ server: z.string().nullable(), tool: z.string().nullable() })),
  next: z.string().nullable(),
})
const evaluations = z.object({ items: z.array(evaluationView), next: z.string().nullable() })

interface RunOptions extends JsonOption {
  readonly tag?: string
  readonly timeout: number
}

interface ListOptions extends JsonOption {
  readonly case?: string
  readonly tag?: string
  readonly limit: number
}

interface Ran {
  readonly case: string
  readonly run: number
  readonly sessionId: string
  readonly passed: boolean
  readonly simulated: boolean
  readonly costMicros: number
  readonly tokens: number
  readonly seconds: number
  readonly checks: readonly EvaluationCheck[]
}

const lookEveryMs = 250

export const addEval = (program: Command, { api, write, exitWith }: Cli, tools: EvaluationTools): void => {
  const evaluation = program.command('eval').description('evaluation cases: run them, list what came of them')

  evaluation
    .command('run [path]')
    .description('run the cases of a file or a folder (evals); exit code 1 when one does not pass')
    .option('--tag <tag>', 'only cases with this tag')
    .option('--timeout <seconds>', 'a session that takes longer is cancelled', countOf, 600)
    .option('--json', 'as JSON')
    .action(async (path: string | undefined, { tag, timeout, json }: RunOptions) => {
      const all = await tools.read(path ?? 'evals')
      const cases = all.filter(({ tags }) => tag === undefined || tags.includes(tag))
      if (cases.length === 0) throw new WrongUsage(`No case has the tag ${tag}.`)
      const ran: Ran[] = []
      for (const each of cases) {
        for (let run = 1; run <= each.runs; run++) ran.push(await runOnce(each, run, timeout))
      }
      if (ran.some(({ passed }) => !passed)) exitWith(1)
      if (json === true) return writeJson(write, ran)
      writeTable(write, ['case', 'passed', 'cost', 'tokens', 'time', 'sessions'], cases.map(rowOf(ran)))
      for (const { case: name, run, checks } of ran) {
        for (const { kind, wanted, found } of checks.filter(({ passed }) => !passed)) {
          write(`${name} run ${run}: ${kind} ${oneLine(wanted)}: ${oneLine(found)}\n`)
        }
      }
      if (ran.some(({ simulated }) => simulated)) write('Simulated: no model was asked.\n')
    })

  evaluation
    .command('list', { isDefault: true })
    .description('the latest runs of cases')
    .option('--case <id>', 'of this case')
    .option('--tag <tag>', 'with this tag')
    .option('--limit <n>', 'how many, at most 200', countOf, 20)
    .option('--json', 'as JSON')
    .action(async ({ json, limit, ...filter }: ListOptions) => {
      const query = new URLSearchParams({ limit: String(limit), ...filter })
      const found = await api().get(`/v1/evaluations?${query}`, evaluations)
      if (json === true) return writeJson(write, found)
      if (found.items.length === 0) return write('No evaluations. Run cases: casebook eval run evals\n')
      writeTable(
        write,
        ['at', 'case', 'run', 'passed', 'cost', 'session'],
        found.items.map(({ at, case: name, run, passed, costMicros, sessionId }) => [
          at,
          name,
          String(run),
          passed ? 'yes' : 'no',
          dollars(costMicros),
          sessionId,
        ]),
      )
    })

  const begin = async ({ id, session, input, chain }: ReadCase, run: number): Promise<string> => {
    const title = `Evaluation ${id}, run ${run}`
    const started =
      session === undefined
        ? await api().post(
            '/v1/sessions',
            { title, input: input ?? '', labels: { evaluation: id }, ...(chain !== undefined && { chain }) },
            written,
          )
        : await api().post(`/v1/sessions/${encodeURIComponent(session)}/replays`, { title }, written)
    return started.id
  }

  const endOf = async (id: string, timeoutSeconds: number): Promise<z.infer<typeof sessionView>> => {
    const deadline = Date.now() + timeoutSeconds * 1_000
    for (let cancelled = false; ; ) {
      const session = await api().get(`/v1/sessions/${id}`, sessionView)
      if (session.endedAt !== null) return session
      if (!cancelled && Date.now() > deadline) {
        await api().post(`/v1/sessions/${id}/cancel`, { reason: 'The evaluation took too long.' }, z.unknown())
        cancelled = true
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }

  const runOnce = async (asked: ReadCase, run: number, timeout: number): Promise<Ran> => {
    const started = performance.now()
    const sessionId = await begin(asked, run)
    const session = await endOf(sessionId, timeout)
    const made: string[] = []
    for await (const { server, tool } of everyItem((cursor) =>
      readAfter(api(), `/v1/sessions/${sessionId}/tool-calls?limit=200${cursor}`, session.sequence, calls),
    )) {
      if (server !== null && tool !== null) made.push(`${server}/${tool}`)
    }
    const { simulated, status, cost } = session
    const tokens = session.usage.inputTokens + session.usage.outputTokens
    const checks = checkRun(asked, {
      status,
      finalAnalysis: session.finalAnalysis?.text ?? null,
      outcome: session.outcome ?? null,
      calls: made,
      costMicros: cost.usdMicros,
      // What the simulator says costs nothing.
      unpricedReplies: simulated ? 0 : cost.unpricedReplies,
      tokens,
    })
    const kind = asked.session === undefined ? 'live' : 'recorded'
    await api().post(
      `/v1/sessions/${sessionId}/evaluations`,
      { case: asked.id, run, tools: kind, tags: asked.tags, checks },
      written,
    )
    const passed = checks.every((each) => each.passed)
    const seconds = (performance.now() - started) / 1_000
    return { case: asked.id, run, sessionId, passed, simulated, costMicros: cost.usdMicros, tokens, seconds, checks }
  }
}

const rowOf =
  (ran: readonly Ran[]) =>
  ({ id }: ReadCase): readonly string[] => {
    const own = ran.filter((each) => each.case === id)
    const passed = own.filter((each) => each.passed).length
    const mean = (of: (each: Ran) => number): number => own.reduce((sum, each) => sum + of(each), 0) / own.length
    return [
      id,
      own.length === 1 ? (passed === 1 ? 'yes' : 'no') : `${passed} of ${own.length}`,
      dollars(mean(({ costMicros }) => costMicros)),
      String(Math.round(mean(({ tokens }) => tokens))),
      `${mean(({ seconds }) => seconds).toFixed(1)} s`,
      own.map(({ sessionId }) => sessionId).join(' '),
    ]
  }

const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(4)}`
