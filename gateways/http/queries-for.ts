// Where a list is read: in a read model of another time, or in what serves, once it has seen what the client has.
import type { FastifyRequest } from 'fastify'
import type { Queries } from '../../projections/queries.ts'
import type { HttpDependencies } from './dependencies.ts'
import { type ProjectionName, readAfter } from './read-after.ts'

/** @throws AsOfNotFound, ProjectionBehind while it is filled, and what `readAfter` throws. */
export const queriesFor = async (
  deps: Pick<HttpDependencies, 'projections' | 'options' | 'queries' | 'queriesAsOf'>,
  name: ProjectionName,
  request: Pick<FastifyRequest, 'headers'>,
  { at, after }: { readonly at?: number | undefined; readonly after?: number | undefined },
): Promise<Queries> => {
  if (at !== undefined) return deps.queriesAsOf(name, at)
  await readAfter(deps, name, request, after)
  return deps.queries
}
