// Which parts of cards are unfolded: cards leave the page as one scrolls, and come back as they were left.
import { createContext, useContext, useState } from 'react'

export const FoldMemory = createContext<Set<string>>(new Set())

export const useFold = (key: string): readonly [opened: boolean, toggle: () => void] => {
  const memory = useContext(FoldMemory)
  const [opened, setOpened] = useState(() => memory.has(key))
  const toggle = (): void => {
    if (opened) memory.delete(key)
    else memory.add(key)
    setOpened(!opened)
  }
  return [opened, toggle]
}
