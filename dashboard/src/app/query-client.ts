// What was read from the server, kept while pages change; the live stream says when something is old.
import { QueryClient } from '@tanstack/react-query'
import { mayPass, pauseMs } from '../api/patience.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays one; an absence heals.
      retry: (_, error) => mayPass(error),
      retryDelay: pauseMs,
      refetchOnWindowFocus: false,
      // Without any network a Casebook on the same machine is still there.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
