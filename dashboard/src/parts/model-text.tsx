// Markdown a model wrote: untrusted, so no HTML, no pictures from elsewhere, and links that say where they lead.
import { Box } from '@mantine/core'
import { lazy, Suspense } from 'react'

const Markdown = lazy(() => import('./markdown.tsx'))

interface ModelTextProps {
  readonly text: string
}

export const ModelText = ({ text }: ModelTextProps) => (
  <Box style={{ overflowWrap: 'anywhere' }}>
    <Suspense fallback={<pre>{text}</pre>}>
      <Markdown text={text} />
    </Suspense>
  </Box>
)
