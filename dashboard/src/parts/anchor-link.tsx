// A link in Mantine's dress that knows the routes: a path, a parameter or a filter that is none does not compile.
import { Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ReactNode, RefAttributes } from 'react'

interface DressedProps extends Omit<AnchorProps, 'href'>, RefAttributes<HTMLAnchorElement> {
  readonly children?: ReactNode
}

const Dressed = (props: DressedProps) => <Anchor {...props} />

export const AnchorLink = createLink(Dressed)
