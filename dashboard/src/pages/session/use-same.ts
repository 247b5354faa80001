// A value from before for as long as it says the same: what is built anew with every event seldom has changed.
import { useRef } from 'react'

export const useSame = <T>(value: T, same: (before: T, now: T) => boolean = saysTheSame): T => {
  const kept = useRef(value)
  if (kept.current !== value && !same(kept.current, value)) kept.current = value
  return kept.current
}

const saysTheSame = (before: unknown, now: unknown): boolean => JSON.stringify(before) === JSON.stringify(now)
