// The name of a page, in the page and in the browser's tab.
import { Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'

interface PageTitleProps {
  readonly children: string
}

export const PageTitle = ({ children }: PageTitleProps) => {
  useDocumentTitle(`${children} · Casebook`)
  return (
    <Title order={1} size="h3">
      {children}
    </Title>
  )
}
