// The configuration in force: what it resolves to and who decided it, and the versions that were.
import { z } from 'zod'
import { configurationEventData } from '../../../schemas/configuration-events.ts'
import { explainedPart, reportedIssue } from '../../../schemas/configuration-report.ts'
import { orgId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { problems } from '../shapes.ts'

const { hash, loadedAt, changes } = configurationEventData['configuration.loaded'].shape

const version = z
  .object({ hash, loadedAt, changes: changes.describe('Against the version before.'), sequence: z.int() })
  .meta({ id: 'ConfigurationVersion' })
const configuration = z
  .object({
    hash,
    loadedAt: z.iso.datetime().describe('By this process.'),
    defaultChain: z.string(),
    chains: z.array(z.string()),
    warnings: z.array(reportedIssue),
    versions: z.array(version).describe('The latest fifty, the newest first.'),
  })
  .meta({ id: 'Configuration' })
const explanation = z
  .object({ chain: z.string(), hash, parts: z.array(explainedPart) })
  .meta({ id: 'ChainExplanation' })

/** One configuration serves every org: its versions are in the org everybody has. */
const everyOrg = orgId.parse('default')
const versionsShown = 50

export const configurationRoutes = (app: App, deps: HttpDependencies): void => {
  const tags = ['operations']
  const inForce = () => {
    if (deps.configuration === undefined) throw new RequestRefused('not_found', 'This process has no configuration.')
    return deps.configuration
  }
  app.get(
    '/v1/configuration',
    {
      schema: {
        summary: 'The configuration in force, its chains, its warnings and the versions before it',
        tags,
        response: { 200: configuration, ...problems(404) },
      },
    },
    async () => {
      const filter = { org: everyOrg, category: 'definition', typeParts: ['configuration.loaded'] } as const
      const { items } = await deps.queries.searchEvents({ ...filter, limit: versionsShown })
      const versions = items.map(({ data, logsequence }) => version.parse({ ...Object(data), sequence: logsequence }))
      return { ...inForce().summary(), versions }
    },
  )

  app.get(
    '/v1/configuration/chains/:chain',
    {
      schema: {
        summary: 'Every value that a chain runs under, and which layer and line decided it; no secrets',
        tags,
        params: z.object({ chain: z.string().min(1).max(200) }),
        response: { 200: explanation, ...problems(404) },
      },
    },
    async ({ params: { chain } }) => {
      const { explain, summary } = inForce()
      const parts = explain(chain)
      if (parts === null) {
        throw new RequestRefused('not_found', `There is no chain "${chain}"; there are ${summary().chains.join(', ')}.`)
      }
      return { chain, hash: summary().hash, parts: [...parts] }
    },
  )
}
