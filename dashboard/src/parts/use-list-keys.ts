// j and k move through a list, Enter opens what is chosen.
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'

export const useListKeys = (length: number, open: (index: number) => void, show: (index: number) => void): number => {
  const [chosen, setChosen] = useState(-1)
  const move = (by: number): void => {
    const next = Math.max(0, Math.min(length - 1, chosen + by))
    if (length === 0) return
    setChosen(next)
    show(next)
  }
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['Enter', () => chosen >= 0 && chosen < length && open(chosen)],
  ])
  return chosen
}
