// Reads again what something has happened to: also what is being read for the first time, and may be of before.
import type { QueryClient, QueryKey } from '@tanstack/react-query'

/** A query that has no answer yet goes on with the question it has asked, however often it is told to ask again. */
export const readAgain = async (client: QueryClient, queryKey: QueryKey): Promise<void> => {
  const first = client
    .getQueryCache()
    .findAll({ queryKey, predicate: ({ state }) => state.fetchStatus === 'fetching' && state.data === undefined })
  await Promise.allSettled(first.map((query) => query.fetch()))
  await client.invalidateQueries({ queryKey })
}
