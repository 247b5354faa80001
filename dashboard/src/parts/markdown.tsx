// The Markdown renderer, loaded when the first text of a model is shown.
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'

const components: Components = {
  // A picture's address can carry what the model has read to whoever serves it.
  img: ({ alt, src }) => <span>{`[picture: ${alt ?? ''} ${typeof src === 'string' ? src : ''}]`}</span>,
  a: ({ href, children }) => (
    <a href={href} rel="noreferrer noopener" target="_blank">
      {children}
      {href !== undefined && ` (${href})`}
    </a>
  ),
}

interface MarkdownProps {
  readonly text: string
}

// biome-ignore lint/style/noDefaultExport: `lazy` takes a default export.
export default function Markdown({ text }: MarkdownProps) {
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
      {text}
    </ReactMarkdown>
  )
}
