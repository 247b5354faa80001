// Keys that work on every page: `g` and a letter goes somewhere, `/` searches, `?` tells them all.
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { navigation } from './navigation.ts'

/** How long after `g` its letter counts: by when the keys were pressed, however late a busy page hears of them. */
const windowMs = 1_500

export const useGoKeys = (onHelp: () => void): void => {
  const navigate = useNavigate()
  const going = useRef(0)
  const go = ({ timeStamp }: KeyboardEvent): void => {
    going.current = timeStamp
  }
  useHotkeys([
    ['g', go],
    ['shift+?', onHelp],
    ['/', () => document.querySelector<HTMLElement>('[data-search]')?.focus()],
    ...navigation.map(({ key, to }): [string, (event: KeyboardEvent) => void] => [
      key,
      ({ timeStamp }) => {
        if (timeStamp - going.current < windowMs) void navigate({ to })
      },
    ]),
  ])
}
