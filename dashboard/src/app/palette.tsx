// The way to the palette: its button and its key. The palette itself is loaded when it is first asked for.
import { Box, Button, Kbd } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'

const PaletteSearch = lazy(async () => ({ default: (await import('./palette-search.tsx')).PaletteSearch }))

export const Palette = () => {
  const [asked, setAsked] = useState(0)
  const ask = (): void => setAsked((times) => times + 1)
  useHotkeys([['mod+K', ask]], [])
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={ask} aria-label="Go to Ctrl K">
        <Box component="span" visibleFrom="xs">
          Go to <Kbd ml={6}>Ctrl K</Kbd>
        </Box>
        <Box component="span" hiddenFrom="xs" aria-hidden>
          ⌕
        </Box>
      </Button>
      {asked > 0 && (
        <Suspense>
          <PaletteSearch asked={asked} />
        </Suspense>
      )}
    </>
  )
}
