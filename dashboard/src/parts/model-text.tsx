// Markdown a model wrote: untrusted, so no HTML, no pictures from elsewhere, and links that say where they lead.
import { lazy, Suspense } from 'react'
import classes from './model-text.module.css'

const Markdown = lazy(() => import('./markdown.tsx'))

interface ModelTextProps {
  readonly text: string
}

export const ModelText = ({ text }: ModelTextProps) => (
  <div className={classes.text}>
    <Suspense fallback={<pre className={classes.plain}>{text}</pre>}>
      <Markdown text={text} />
    </Suspense>
  </div>
)
