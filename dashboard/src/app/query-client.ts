// What was read from the server, kept while pages change; the live stream says when something is old.
import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../api/problem.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays one; an absence heals.
      retry: (failures, error) => !(error instanceof ApiProblem && error.status < 500) && failures < 5,
      refetchOnWindowFocus: false,
    },
  },
})
