// A link that looks like a small button, and knows the routes.
import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ReactNode, RefAttributes } from 'react'

interface DressedProps extends ButtonProps, RefAttributes<HTMLAnchorElement> {
  readonly children?: ReactNode
}

const Dressed = (props: DressedProps) => <Button component="a" size="compact-sm" variant="default" {...props} />

export const LinkButton = createLink(Dressed)
