// The forks and replays of a session, as they stand: read anew when the live stream tells of one.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import type { components } from '../../api/schema.d.ts'
import { useCommits, useLive } from '../../api/use-live.ts'

type Fork = components['schemas']['Fork']

const changing = /^casebook\.session\.(ended|drift_recorded)\b/

export const useForks = (id: string): readonly Fork[] => {
  const live = useLive()
  const [told, setTold] = useState(0)
  const { data } = useQuery({
    queryKey: ['session-forks', id, told],
    queryFn: async () => {
      const after = Math.max(told, await live.position())
      return answerOf(api.GET('/v1/sessions/{id}/forks', { params: { path: { id }, query: { limit: 50, after } } }))
    },
    // One may have been made since, here or elsewhere.
    refetchOnMount: 'always',
    placeholderData: keepPreviousData,
  })
  const known = useRef<ReadonlySet<string>>(new Set())
  known.current = new Set(data?.items.map((fork) => fork.id))
  useCommits(
    useCallback(({ sequence, stream, events }: CommitFrame) => {
      const concerns = ({ type }: { readonly type: string }): boolean =>
        // A brief frame does not say of whom.
        type.startsWith('casebook.session.forked.') || (known.current.has(stream.id) && changing.test(type))
      if (events.some(concerns)) setTold(sequence)
    }, []),
  )
  return data?.items ?? []
}
