// The program: a command of the command line, or the whole process; `wiring/` puts its parts together.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openArchive } from './gateways/archive/open-archive.ts'
import { createApiClient } from './gateways/cli/api-client.ts'
import { DemoFailed } from './gateways/cli/cli-errors.ts'
import { lastLineOf, runDemo } from './gateways/cli/demo.ts'
import { createProgram } from './gateways/cli/program.ts'
import { readEvaluationCases } from './infra/evaluations/read-cases.ts'
import { createRestoreTools } from './infra/restores/restore-tools.ts'
import { createConfigurationTools } from './infra/settings/configuration-tools.ts'
import { environmentWarnings, loadEnvironment } from './infra/settings/load-environment.ts'
import { EnvironmentInvalid } from './infra/settings/settings-errors.ts'
import { listenForStop } from './infra/stop-signals.ts'
import { CasebookError } from './schemas/casebook-error.ts'
import type { Environment } from './schemas/environment.ts'
import { hasPublishedPrice } from './wiring/has-published-price.ts'
import { type RunningCasebook, startCasebook } from './wiring/start-casebook.ts'

const root = dirname(fileURLToPath(import.meta.url))

interface Begun extends RunningCasebook {
  readonly environment: Environment
}

const say = (text: string): void => {
  process.stdout.write(text)
}

/** True once there is something to stop in order. */
let serving = false
// Whoever reads us may go first, as in `casebook events --global | head`: that ends a client command, and no server.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
  if (!serving) process.exit(0)
})

const begin = async (roles: Environment['CASEBOOK_ROLES'] = []): Promise<Begun> => {
  const environment = loadEnvironment(process.env)
  if (!roles.every((role) => environment.CASEBOOK_ROLES.includes(role))) {
    const message = `must have ${roles.join(', ')} for the demo; unset it`
    throw new EnvironmentInvalid([{ variable: 'CASEBOOK_ROLES', message }])
  }
  for (const warning of environmentWarnings(process.env)) process.stderr.write(`casebook: ${warning}\n`)
  serving = true
  const running = await startCasebook(environment, root)
  say(`casebook ready ${running.url || `(${environment.CASEBOOK_ROLES.join(', ')})`}\n`)
  return { ...running, environment }
}

const stop = listenForStop()

const program = createProgram(
  {
    serve: async () => {
      const running = await begin()
      const lost = await Promise.race([stop.asked(), running.lost])
      await running.stop()
      if (lost !== undefined) throw lost
    },
    demo: async ({ exit }) => {
      const running = await begin(['http', 'handlers', 'projections'])
      const stopping = stop.asked()
      let lastLine: string
      try {
        const api = createApiClient(running.url, running.environment.CASEBOOK_TOKEN)
        const demo = runDemo(api, say)
        const stopped = stopping.then(() => {
          throw new DemoFailed('The demo was stopped before its report.')
        })
        lastLine = lastLineOf(await Promise.race([demo, stopped]))
        if (!exit) {
          say(lastLine)
          process.stderr.write(`The server stays up at ${running.url}; Ctrl-C stops it.\n`)
          await stopping
        }
      } finally {
        await running.stop()
      }
      // After everything that stops may have had to say, so that it is the last line wherever it is read.
      if (exit) say(lastLine)
    },
    restore: createRestoreTools(process.env, openArchive),
    evaluations: { read: readEvaluationCases },
    configuration: createConfigurationTools({
      builtInDir: `${root}/config`,
      variables: process.env,
      hasPublishedPrice,
    }),
  },
  process.env,
  say,
)

try {
  await program.parseAsync()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `casebook: ${error instanceof CasebookError || process.env['DEBUG'] === undefined ? message : error instanceof Error ? error.stack : message}\n`,
  )
  process.exitCode = 1
}
