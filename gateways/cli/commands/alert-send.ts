// `casebook alert send`: an alert from the command line, and, if wanted, its investigation to the end.
import type { Command } from 'commander'
import { z } from 'zod'
import { sessionView } from '../../../projections/session-view.ts'
import { type Cli, jsonOf, pairOf, textOfFile } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { exitCodeOf, followSession } from '../follow-session.ts'
import { writeJson } from '../output.ts'
import { readAfter } from '../read-after.ts'
import { writeReport } from '../report.ts'
import { sessionOfAlert } from '../session-of-alert.ts'

const result = z.looseObject({ status: z.string(), alertId: z.string().optional(), error: z.string().optional() })
const answer = z.looseObject({ results: z.array(result) })

interface Options {
  readonly severity: string
  readonly description?: string
  readonly label?: Readonly<Record<string, string>>
  readonly fingerprint?: string
  readonly chain?: string
  readonly overrides?: string
  readonly file?: string
  readonly alertmanager?: boolean
  readonly wait?: boolean
  readonly json?: boolean
}

export const addAlertSend = (alert: Command, { api, write, exitWith }: Cli): void => {
  alert
    .command('send [title]')
    .description('send one alert, or the body of a file')
    .option('--severity <severity>', 'critical, high, warning, info, low', 'warning')
    .option('--description <text>', 'what is known')
    .option('--label <name=value>', 'a label; repeatable', pairOf)
    .option('--fingerprint <text>', 'the identity of the problem, instead of title and labels')
    .option('--chain <name>', 'the chain to run')
    .option('--overrides <json>', 'what holds for this session alone, such as {"tools": ["host__disk"]}')
    .option('--file <path>', 'a JSON body instead of the options; - is standard input')
    .option('--alertmanager', 'send to the Alertmanager webhook; the file is its body')
    .option('--wait', 'follow the session to its end and print the report; exit code 1 unless it completes')
    .option('--json', 'as JSON')
    .action(async (title: string | undefined, options: Options) => {
      const body = await bodyOf(title, options)
      const sentAt = Date.now()
      const path = options.alertmanager === true ? '/v1/webhooks/alertmanager' : '/v1/alerts'
      const sent = await api().post(path, body, answer)
      if (options.json === true) writeJson(write, sent)
      else for (const each of sent.results) write(`${each.status} ${each.alertId ?? ''}${each.error ?? ''}\n`)
      if (sent.results.some(({ status }) => status === 'invalid')) exitWith(1)
      if (options.wait !== true) return
      for (const alertId of new Set(sent.results.flatMap((each) => each.alertId ?? []))) {
        const sessionId = await sessionOfAlert(api(), alertId, sentAt)
        const ended = await followSession(api(), sessionId, write, { json: options.json })
        const session = await readAfter(api(), `/v1/sessions/${sessionId}`, ended.sequence, sessionView)
        if (options.json === true) writeJson(write, session)
        else writeReport(write, session)
        if (exitCodeOf(ended) !== 0) exitWith(1)
      }
    })
}

const bodyOf = async (title: string | undefined, options: Options): Promise<unknown> => {
  if (options.file !== undefined) {
    if (title !== undefined) throw new WrongUsage('Give a title or a --file, not both.')
    return jsonOf(await textOfFile(options.file), options.file)
  }
  if (!title) throw new WrongUsage('Give the alert a title, as in: casebook alert send "Disk is full".')
  return options.alertmanager === true ? alertmanagerBody(title, options) : genericBody(title, options)
}

const genericBody = (
  title: string,
  { severity, description, label, fingerprint, chain, overrides }: Options,
): object => ({
  title,
  severity,
  ...(description !== undefined && { description }),
  ...(label !== undefined && { labels: label }),
  ...(fingerprint !== undefined && { fingerprint }),
  ...(chain !== undefined && { chain }),
  ...(overrides !== undefined && { overrides: jsonOf(overrides, '--overrides') }),
})

const alertmanagerBody = (
  title: string,
  { severity, description, label, fingerprint, chain, overrides }: Options,
): object => {
  if (chain !== undefined || overrides !== undefined)
    throw new WrongUsage('Alertmanager alerts take no --chain and no --overrides; annotations of the rule say them.')
  const startsAt = new Date().toISOString()
  const annotations = { summary: title, ...(description !== undefined && { description }) }
  const labels = { alertname: title, severity, ...label }
  const alert = { status: 'firing', labels, annotations, startsAt, ...(fingerprint !== undefined && { fingerprint }) }
  return { version: '4', groupKey: `{}:{alertname="${labels.alertname}"}`, status: 'firing', alerts: [alert] }
}
