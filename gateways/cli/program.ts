// The `casebook` command: what it can do. Client commands talk HTTP; serving and the demo are passed in.
import { Command } from 'commander'
import { createApiClient } from './api-client.ts'
import type { Cli } from './cli.ts'
import { WrongUsage } from './cli-errors.ts'
import { addAlertSend } from './commands/alert-send.ts'
import { addAuditVerify } from './commands/audit-verify.ts'
import { addBackup } from './commands/backup.ts'
import { addConfigCheck } from './commands/config-check.ts'
import { addConfigExplain } from './commands/config-explain.ts'
import { addConfigImport } from './commands/config-import.ts'
import { addCosts } from './commands/costs.ts'
import { addDeadLetters } from './commands/dead-letters.ts'
import { addEval } from './commands/eval.ts'
import { addEvents } from './commands/events.ts'
import { addExport } from './commands/export.ts'
import { addForgetPerson } from './commands/forget-person.ts'
import { addInputsAnswer } from './commands/inputs-answer.ts'
import { addInputsList } from './commands/inputs-list.ts'
import { addInputsShow } from './commands/inputs-show.ts'
import { addProjectionsAsOf } from './commands/projections-as-of.ts'
import { addProjectionsControl } from './commands/projections-control.ts'
import { addProjectionsList } from './commands/projections-list.ts'
import { addProjectionsRebuild } from './commands/projections-rebuild.ts'
import { addProjectionsVerify } from './commands/projections-verify.ts'
import { addRestore } from './commands/restore.ts'
import { addRetentionPreview } from './commands/retention-preview.ts'
import { addSend } from './commands/send.ts'
import { addSessionCancel } from './commands/session-cancel.ts'
import { addSessionChat } from './commands/session-chat.ts'
import { addSessionControl } from './commands/session-control.ts'
import { addSessionErasure } from './commands/session-erasure.ts'
import { addSessionFork } from './commands/session-fork.ts'
import { addSessionShow } from './commands/session-show.ts'
import { addSessionTimeline } from './commands/session-timeline.ts'
import { addSessionsCancel } from './commands/sessions-cancel.ts'
import { addSessionsList } from './commands/sessions-list.ts'
import { addTasksControl } from './commands/tasks-control.ts'
import { addTasksList } from './commands/tasks-list.ts'
import { addTasksSchedule } from './commands/tasks-schedule.ts'
import { addTasksShow } from './commands/tasks-show.ts'
import { addWarnings } from './commands/warnings.ts'
import { addWatch } from './commands/watch.ts'
import type { ConfigurationTools } from './configuration-tools.ts'
import type { EvaluationTools } from './evaluation-tools.ts'
import type { Write } from './output.ts'
import type { RestoreTools } from './restore-tools.ts'

export interface ProgramActions {
  /** Runs until stopped. */
  readonly serve: () => Promise<void>
  readonly demo: (options: { readonly exit: boolean }) => Promise<void>
  readonly configuration: ConfigurationTools
  readonly restore?: RestoreTools
  readonly evaluations?: EvaluationTools
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads `CASEBOOK_URL`, else `CASEBOOK_PORT`; and `CASEBOOK_TOKEN`. */
export const createProgram = (
  actions: ProgramActions,
  variables: Variables,
  write: Write,
  {
    terminal = process.stdout.isTTY === true,
    exitWith = setExitCode,
  }: Partial<Pick<Cli, 'terminal' | 'exitWith'>> = {},
): Command => {
  const cli: Cli = {
    api: () => createApiClient(urlOf(variables), variables['CASEBOOK_TOKEN'] || undefined),
    write,
    terminal,
    exitWith,
  }
  const program = new Command('casebook')
    .description('Alerts become investigated sessions; every step is an event.')
    .configureOutput({ writeOut: write })
  program
    .command('serve')
    .description('run Casebook until it is stopped')
    .action(() => actions.serve())
  program
    .command('demo')
    .description('start everything, investigate an alert about this machine, print the report')
    .option('--exit', 'stop after the report')
    .action((options: { readonly exit?: boolean }) => actions.demo({ exit: options.exit === true }))

  addAlertSend(program.command('alert').description('send alerts'), cli)
  const sessions = program.command('sessions').description('list sessions, look at one, pause, tell, end or ask one')
  addSessionsList(sessions, cli)
  addSessionShow(sessions, cli)
  addSessionTimeline(sessions, cli)
  addSessionCancel(sessions, cli)
  addSessionsCancel(sessions, cli)
  addSessionErasure(sessions, cli)
  addSessionControl(sessions, cli)
  addSessionChat(sessions, cli)
  addSessionFork(sessions, cli)
  const inputs = program.command('inputs').description('what waits for a person, and answers to it')
  addInputsList(inputs, cli)
  addInputsShow(inputs, cli)
  addInputsAnswer(inputs, cli)
  const tasks = program.command('tasks').description('sessions to come: schedule one, cancel it, run it again')
  addTasksSchedule(tasks, cli)
  addTasksList(tasks, cli)
  addTasksShow(tasks, cli)
  addTasksControl(tasks, cli)
  addCosts(program, cli)
  addWatch(program, cli)
  const config = program.command('config').description('configuration files, without a running server')
  const ownFolder = variables['CASEBOOK_CONFIG_DIR'] || null
  addConfigCheck(config, cli, actions.configuration, ownFolder)
  addConfigExplain(config, cli, actions.configuration, ownFolder)
  addConfigImport(config, cli, actions.configuration)
  addEvents(program, cli)
  const projections = program.command('projections').description('the read models: how they are, and how to mend one')
  addProjectionsList(projections, cli)
  addProjectionsRebuild(projections, cli)
  addProjectionsVerify(projections, cli)
  addProjectionsAsOf(projections, cli)
  addProjectionsControl(projections, cli)
  addAuditVerify(program.command('audit').description('the integrity of the log'), cli)
  addDeadLetters(
    program.command('dead-letters').description('messages that were parked: retry them, or drop them'),
    cli,
  )
  addForgetPerson(program.command('forget').description('make what somebody wrote unreadable'), cli)
  addRetentionPreview(program.command('retention').description('how long sessions are kept after their end'), cli)
  addWarnings(program, cli)
  addExport(program, cli)
  if (actions.evaluations !== undefined) addEval(program, cli, actions.evaluations)
  if (actions.restore !== undefined) {
    addBackup(program, cli, actions.restore)
    addRestore(program, cli, actions.restore)
  }
  addSend(program, cli)
  return pointingToHelp(program, 'casebook')
}

/** Whoever mistypes an option of a command is sent to the help of that command. */
const pointingToHelp = (command: Command, name: string): Command => {
  command.showHelpAfterError(`Run "${name} --help" for what there is.`)
  for (const each of command.commands) pointingToHelp(each, `${name} ${each.name()}`)
  return command
}

const setExitCode = (code: number): void => {
  process.exitCode = code
}

const urlOf = (variables: Variables): string => {
  const given = variables['CASEBOOK_URL']
  if (!given) return `http://127.0.0.1:${variables['CASEBOOK_PORT'] || '8080'}`
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given
  throw new WrongUsage('CASEBOOK_URL must be an http:// or https:// address, such as http://127.0.0.1:8080.')
}
