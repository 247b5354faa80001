// Go anywhere: pages, and sessions by a word of theirs.
import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { navigation } from './navigation.ts'

interface PaletteSearchProps {
  /** How often it was asked for: each time opens it. */
  readonly asked: number
}

export const PaletteSearch = ({ asked }: PaletteSearchProps) => {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [text] = useDebouncedValue(query.trim(), 200)
  useEffect(() => {
    if (asked > 0) spotlight.open()
  }, [asked])
  const { data } = useQuery({
    queryKey: ['palette', text],
    queryFn: () => answerOf(api.GET('/v1/sessions', { params: { query: { text, limit: 8 } } })),
    enabled: text.length > 1,
  })
  const found: readonly SpotlightActionData[] = (data?.items ?? []).map(({ id, title, status }) => ({
    id,
    label: title,
    description: `${status} · ${id}`,
    // What the server found, it found by more than the title.
    keywords: [query],
    onClick: () => void navigate({ to: '/sessions/$id', params: { id } }),
  }))
  return (
    <Spotlight
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing of this name"
      searchProps={{ placeholder: 'A page, or words of a session', 'aria-label': 'Go to' }}
      actions={[
        ...navigation.map(({ to, label }) => ({ id: to, label, onClick: () => void navigate({ to }) })),
        ...found,
      ]}
    />
  )
}
