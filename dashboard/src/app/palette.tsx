// Go anywhere: pages, and sessions by a word of theirs.
import { Button, Kbd } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { navigation } from './navigation.ts'

export const Palette = () => {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [text] = useDebouncedValue(query.trim(), 200)
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
    <>
      <Button variant="default" size="compact-sm" onClick={spotlight.open}>
        Go to <Kbd ml={6}>Ctrl K</Kbd>
      </Button>
      <Spotlight
        query={query}
        onQueryChange={setQuery}
        nothingFound="Nothing of this name"
        searchProps={{ placeholder: 'A page, or words of a session', 'aria-label': 'Go to' }}
        actions={[
          ...navigation.map(({ to, label }) => ({ id: to, label, onClick: () => void navigate({ to }) })),
          ...found,
        ]}
      />
    </>
  )
}
