// What every part of the process is wired with.
import type { startEmbeddedServers } from '../infra/embedded/embedded-servers.ts'
import type { createLog } from '../infra/logger.ts'
import type { startLiveConfiguration } from '../infra/settings/live-configuration.ts'
import type { createTeardown } from '../infra/teardown.ts'
import type { Environment } from '../schemas/environment.ts'

export interface Wiring {
  readonly environment: Environment
  readonly log: ReturnType<typeof createLog>
  readonly teardown: ReturnType<typeof createTeardown>
  readonly settings: Awaited<ReturnType<typeof startLiveConfiguration>>
  readonly servers: Awaited<ReturnType<typeof startEmbeddedServers>>
  has(role: Environment['CASEBOOK_ROLES'][number]): boolean
}
