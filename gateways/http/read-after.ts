// Read your own writes: a query that names a sequence waits for its read model, and says so when it cannot.
import type { FastifyRequest } from 'fastify'
import { ProjectionBehind } from '../../projections/projection-errors.ts'
import type { HttpDependencies } from './dependencies.ts'
import { RequestRefused } from './problem.ts'

export type ProjectionName =
  | 'sessions'
  | 'timeline'
  | 'alerts'
  | 'tool-calls'
  | 'inputs'
  | 'chat'
  | 'tasks'
  | 'costs'
  | 'evaluations'
  | 'audit'

export const defaultWaitMs = 5_000

/** `?after=` wins over the header `Casebook-After`. @throws RequestRefused with how far the projection is behind. */
export const readAfter = async (
  { projections, options }: Pick<HttpDependencies, 'projections' | 'options'>,
  name: ProjectionName,
  request: Pick<FastifyRequest, 'headers'>,
  after: number | undefined,
): Promise<void> => {
  const wanted = after ?? fromHeader(request.headers['casebook-after'])
  if (wanted === undefined || wanted === 0) return
  try {
    await projections.waitFor(name, wanted, options.waitMs ?? defaultWaitMs)
  } catch (error) {
    if (!(error instanceof ProjectionBehind)) throw error
    const status = (await projections.status()).find((each) => each.name === name)
    throw new RequestRefused(error.code, error.message, { lag: Math.max(0, wanted - (status?.position ?? 0)) })
  }
}

const fromHeader = (value: string | readonly string[] | undefined): number | undefined => {
  if (value === undefined) return undefined
  const wanted = Number(value)
  if (Number.isSafeInteger(wanted) && wanted >= 0) return wanted
  throw new RequestRefused('invalid_request', 'The header Casebook-After is not a sequence.', {
    errors: [{ path: 'casebook-after', message: 'must be a whole number, 0 or more' }],
  })
}
