// Markdown a model wrote: untrusted, so no HTML, no pictures from elsewhere, and links that say where they lead.
import { lazy, memo, Suspense } from 'react'
import classes from './model-text.module.css'

const Markdown = lazy(() => import('./markdown.tsx'))

interface ModelTextProps {
  readonly text: string
}

/** Read again as Markdown only when its text is another one: that takes longer than all around it. */
export const ModelText = memo(({ text }: ModelTextProps) => (
  <div className={classes.text}>
    <Suspense fallback={<pre className={classes.plain}>{text}</pre>}>
      <Markdown text={text} />
    </Suspense>
  </div>
))
