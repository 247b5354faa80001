// The session list and its facets, as the API has them.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import type { paths } from '../../api/schema.d.ts'
import { pageSize, useLiveList } from '../../lists/use-live-list.ts'
import { filterOf } from './session-filter.ts'
import type { SessionsSearch } from './sessions-search.ts'

type Query = NonNullable<paths['/v1/sessions']['get']['parameters']['query']>

const list = (query: Query) => answerOf(api.GET('/v1/sessions', { params: { query: { limit: pageSize, ...query } } }))

export type ListedSession = Awaited<ReturnType<typeof list>>['items'][number]

export const underWay = ['queued', 'running', 'summarizing'] as const

export const useSessionList = (search: SessionsSearch) =>
  useLiveList<ListedSession>({
    queryKey: ['sessions', search],
    category: 'session',
    read: (cursor, after) =>
      list({ ...filterOf(search), ...(cursor !== null && { cursor }), ...(after !== undefined && { after }) }),
    readRows: async (ids, after) => (await list({ id: ids.join(','), kind: 'investigation,fork,replay', after })).items,
    readNewer: async (than, after) => {
      const { from, ...filter } = filterOf(search)
      const since = than?.startedAt ?? from
      return (await list({ ...filter, ...(since !== undefined && { from: since }), after })).items
    },
    isOpen: ({ status }) => underWay.some((each) => each === status),
  })

export const useSessionFacets = (search: SessionsSearch) =>
  useQuery({
    queryKey: ['session-facets', search],
    queryFn: () => answerOf(api.GET('/v1/sessions/facets', { params: { query: filterOf(search) } })),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 5_000,
  })
