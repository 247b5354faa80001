// `casebook alert send`: an alert from the command line, and, if wanted, its investigation to the end.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { followSession } from './follow-session.ts'
import { pairOf, type Write } from './output.ts'

const accepted = z.object({
  results: z.array(z.object({ status: z.string(), alertId: z.string().optional(), error: z.string().optional() })),
})
const alert = z.object({ sessionId: z.string().nullable() })

interface SendOptions {
  readonly severity: string
  readonly description?: string
  readonly label?: Readonly<Record<string, string>>
  readonly chain?: string
  readonly file?: string
  readonly alertmanager?: boolean
  readonly wait?: boolean
}

export const addAlertCommand = (program: Command, api: () => ApiClient, write: Write): void => {
  program
    .command('alert')
    .description('send alerts')
    .command('send [title]')
    .description('send one alert, or the body of a file')
    .option('--severity <severity>', 'critical, high, warning, info, low', 'warning')
    .option('--description <text>', 'what is known')
    .option('--label <name=value>', 'a label (repeatable)', pairOf)
    .option('--chain <chain>', 'the chain to run')
    .option('--file <path>', 'a JSON body instead of the options')
    .option('--alertmanager', 'the file is an Alertmanager webhook body')
    .option('--wait', 'follow the session until it ends; exit code 1 when it fails')
    .action(async (title: string | undefined, options: SendOptions) => {
      const body: unknown =
        options.file === undefined ? bodyOf(title, options) : JSON.parse(readFileSync(options.file, 'utf8'))
      const path = options.alertmanager === true ? '/v1/webhooks/alertmanager' : '/v1/alerts'
      const { results } = await api().post(path, body, accepted)
      for (const { status, alertId, error } of results) write(`${status} ${alertId ?? ''}${error ?? ''}\n`)
      const first = results.find(({ alertId }) => alertId !== undefined)?.alertId
      if (options.wait !== true || first === undefined) return
      const id = await sessionOf(api(), first)
      const { status } = await followSession(api(), id, write)
      if (status !== 'completed') process.exitCode = 1
    })
}

const bodyOf = (title: string | undefined, options: SendOptions): object => {
  if (title === undefined) throw new Error('Give the alert a title, or a --file.')
  return {
    title,
    severity: options.severity,
    ...(options.description !== undefined && { description: options.description }),
    ...(options.label !== undefined && { labels: options.label }),
    ...(options.chain !== undefined && { chain: options.chain }),
  }
}

/** The session of an alert just sent, as soon as it is known. */
export const sessionOf = async (api: ApiClient, alertId: string): Promise<string> => {
  const deadline = performance.now() + 20_000
  for (;;) {
    const found = await api.get(`/v1/alerts/${alertId}`, alert).catch(() => null)
    if (found?.sessionId) return found.sessionId
    if (performance.now() > deadline) {
      throw new Error(`Alert ${alertId} opened no session within 20 s. Look at /health and /v1/dead-letters.`)
    }
    await delay(100)
  }
}
