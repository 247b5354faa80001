// The `casebook` command: what it can do and how it says no.
import { Command } from 'commander'
import { addAlertCommand } from './alert-command.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { addOperatorCommands } from './operator-commands.ts'
import type { Write } from './output.ts'
import { addSessionCommands } from './session-commands.ts'

export interface ProgramActions {
  /** Runs until stopped. */
  readonly serve: () => Promise<void>
  readonly demo: (options: { readonly exit: boolean }) => Promise<void>
}

export const createProgram = (
  actions: ProgramActions,
  variables: Readonly<Record<string, string | undefined>>,
  write: Write,
): Command => {
  const program = new Command('casebook')
    .description('Alerts become investigated sessions; every step is an event.')
    .showHelpAfterError('Run "casebook --help" for what there is.')
  program.command('serve').description('run Casebook until it is stopped').action(actions.serve)
  program
    .command('demo')
    .description('start everything, investigate an alert about this machine, print the report')
    .option('--exit', 'stop after the report')
    .action((options: { readonly exit?: boolean }) => actions.demo({ exit: options.exit === true }))

  const api = (): ApiClient => {
    const url = variables['CASEBOOK_URL'] ?? `http://127.0.0.1:${variables['CASEBOOK_PORT'] ?? '8080'}`
    const token = variables['CASEBOOK_TOKEN']
    return createApiClient(url, token === '' ? undefined : token)
  }
  addAlertCommand(program, api, write)
  addSessionCommands(program, api, write)
  addOperatorCommands(program, api, write)
  return program
}
