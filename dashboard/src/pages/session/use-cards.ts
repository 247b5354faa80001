// The cards of a story, each the same object for as long as it says the same: only what has changed is drawn again.
import { useMemo, useRef } from 'react'
import { type Card, cardsOf } from './cards.ts'
import type { StoryEvent } from './story.ts'

export const useCards = (events: readonly StoryEvent[]): readonly Card[] => {
  const before = useRef<ReadonlyMap<string, Card>>(new Map())
  return useMemo(() => {
    const cards = cardsOf(events).map((card) => {
      const known = before.current.get(card.key)
      return known !== undefined && isSame(known, card) ? known : card
    })
    before.current = new Map(cards.map((card) => [card.key, card]))
    return cards
  }, [events])
}

/** Its parts are the very data of its events. */
const isSame = (a: Card, b: Card): boolean =>
  Object.entries(a).every(([name, value]) => Object.is(value, Reflect.get(b, name)))
