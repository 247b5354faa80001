// The waterfalls of the sessions a fork shares its beginning with, each as it stood where it was forked: that does not change.
import { useQuery } from '@tanstack/react-query'
import { type Waterfall, waterfall } from '../../../../projections/waterfall-view.ts'
import { answerOf, api } from '../../api/client.ts'
import type { Source } from './inherited-bars.ts'

export const useSources = (fork: Waterfall['fork']) =>
  useQuery({
    queryKey: ['waterfall', 'sources', fork],
    queryFn: () => readSources(fork),
    enabled: fork !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })

const readSources = async (fork: Waterfall['fork']): Promise<readonly Source[]> => {
  const sources: Source[] = []
  for (let from = fork; from !== null; ) {
    const { sessionId, at } = from
    const params = { path: { id: sessionId }, query: { at } }
    const read = waterfall.parse(await answerOf(api.GET('/v1/sessions/{id}/waterfall', { params })))
    sources.unshift({ sessionId, waterfall: read })
    from = read.fork
  }
  return sources
}
