// The alert list and its facets, as the API has them.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import type { paths } from '../../api/schema.d.ts'
import { pageSize, useLiveList } from '../../lists/use-live-list.ts'
import { type AlertsSearch, filterOf } from './alerts-search.ts'

type Query = NonNullable<paths['/v1/alerts']['get']['parameters']['query']>

const list = (query: Query) => answerOf(api.GET('/v1/alerts', { params: { query: { limit: pageSize, ...query } } }))

export type ListedAlert = Awaited<ReturnType<typeof list>>['items'][number]

export const useAlertList = (search: AlertsSearch) =>
  useLiveList<ListedAlert>({
    queryKey: ['alerts', search],
    category: 'alert',
    read: (cursor, after) =>
      list({ ...filterOf(search), ...(cursor !== null && { cursor }), ...(after !== undefined && { after }) }),
    readRows: async (ids, after) => (await list({ id: ids.join(','), after })).items,
    readNewer: async (than, after) => {
      const { from, ...filter } = filterOf(search)
      const since = than?.lastSeen ?? from
      return (await list({ ...filter, ...(since !== undefined && { from: since }), after })).items
    },
    isOpen: ({ status, sessionStatus }) => status === 'firing' || sessionStatus === 'running',
  })

export const useAlertFacets = (search: AlertsSearch) =>
  useQuery({
    queryKey: ['alert-facets', search],
    queryFn: () => answerOf(api.GET('/v1/alerts/facets', { params: { query: filterOf(search) } })),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 5_000,
  })
