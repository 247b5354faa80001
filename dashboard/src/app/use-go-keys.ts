// Keys that work on every page: `g` and a letter goes somewhere, `/` searches, `?` tells them all.
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { navigation } from './navigation.ts'

/** How long after `g` its letter counts. */
const windowMs = 1_500

export const useGoKeys = (onHelp: () => void): void => {
  const navigate = useNavigate()
  const going = useRef(0)
  const go = (): void => {
    going.current = performance.now()
  }
  useHotkeys([
    ['g', go],
    ['shift+?', onHelp],
    ['/', () => document.querySelector<HTMLElement>('[data-search]')?.focus()],
    ...navigation.map(({ key, to }): [string, () => void] => [
      key,
      () => {
        if (performance.now() - going.current < windowMs) void navigate({ to })
      },
    ]),
  ])
}
