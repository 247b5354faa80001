// The story in a window of its own: the latest below and followed while one is there, older ones read as one scrolls up.
import { Button, Loader } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { CardView } from './card-view.tsx'
import type { Card } from './cards.ts'
import type { LiveText } from './live-text.ts'
import { LiveCard } from './reply-card.tsx'
import classes from './session-page.module.css'
import { useSame } from './use-same.ts'

export interface FeedHandle {
  /** Shows the first card that fits, reading older ones until it is there. */
  readonly show: (wanted: (card: Card) => boolean) => void
}

interface StoryFeedProps {
  readonly cards: readonly Card[]
  readonly live: LiveText
  readonly hasOlder: boolean
  readonly readOlder: () => Promise<boolean>
  readonly handle: RefObject<FeedHandle | null>
}

/** So near the end, what comes is followed; so near the beginning, older ones are read. */
const [nearEnd, nearStart] = [80, 1_500]

export const StoryFeed = ({ cards, live: { turns, progress }, hasOlder, readOlder, handle }: StoryFeedProps) => {
  const frame = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const [reading, setReading] = useState(false)
  const [focused, setFocused] = useState<string | null>(null)
  const [wanted, setWanted] = useState<((card: Card) => boolean) | null>(null)
  const writing = useSame(turns.map(({ executionId, turn, attempt }) => `live-${executionId}-${turn}-${attempt}`))
  const count = cards.length + turns.length
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => 96,
    overscan: 4,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
    // Another function would have the places of all cards reckoned anew, with every piece of text.
    getItemKey: useCallback(
      (index: number) => cards[index]?.key ?? writing[index - cards.length] ?? index,
      [cards, writing],
    ),
  })

  // Cards are measured as they are drawn: only then is it known where the end is.
  const total = virtual.getTotalSize()
  useEffect(() => {
    if (following && total > 0) virtual.scrollToEnd()
  }, [virtual, following, total])

  const read = useCallback((): void => {
    setReading(true)
    // Away for a moment: whoever scrolls on asks again.
    void readOlder()
      .catch(() => undefined)
      .then(() => setReading(false))
  }, [readOlder])
  // A fork's own part may be shorter than the window, where nothing can be scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page that was read, once.
  useEffect(() => {
    if (hasOlder && total < (frame.current?.clientHeight ?? 0)) read()
  }, [cards, total, hasOlder, read])
  const place = useRef(0)
  const scrolled = (): void => {
    if (frame.current === null) return
    // By the element itself: what the list keeps of it may be one event behind.
    const { scrollHeight, scrollTop, clientHeight } = frame.current
    if (scrollHeight - scrollTop - clientHeight < nearEnd) setFollowing(true)
    // What has come below since, moves nobody up.
    else if (scrollTop < place.current) setFollowing(false)
    place.current = scrollTop
    if (hasOlder && scrollTop < nearStart) read()
  }
  const toEnd = (): void => {
    setFollowing(true)
    virtual.scrollToEnd()
  }

  const showAt = useCallback(
    (index: number, key: string): void => {
      setFocused(key)
      setFollowing(false)
      virtual.scrollToIndex(index, { align: 'start' })
      // The card is drawn by the scroll, and takes the focus once it is there.
      let frames = 0
      const focus = (): void => {
        const card = frame.current?.querySelector<HTMLElement>(`[data-key="${key}"] article`)
        if (card === null || card === undefined) {
          if (frames++ < 60) requestAnimationFrame(focus)
          return
        }
        card.focus({ preventScroll: true })
      }
      requestAnimationFrame(focus)
    },
    [virtual],
  )

  useImperativeHandle(handle, () => ({ show: (card) => setWanted(() => card) }), [])
  useEffect(() => {
    if (wanted === null) return
    const index = cards.findIndex(wanted)
    const card = cards[index]
    if (card === undefined && hasOlder) {
      read()
      return
    }
    setWanted(null)
    if (card !== undefined) showAt(index, card.key)
  }, [wanted, cards, hasOlder, read, showAt])

  const step = (by: number): void => {
    const [first] = virtual.getVirtualItems()
    const place = cards.findIndex(({ key }) => key === focused)
    const index = Math.min(Math.max((place === -1 ? (first?.index ?? 0) : place) + by, 0), cards.length - 1)
    const card = cards[index]
    if (card !== undefined) showAt(index, card.key)
  }
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ])

  return (
    <div className={classes.feedFrame}>
      <div
        ref={frame}
        className={classes.feed}
        onScroll={scrolled}
        role="feed"
        aria-label="What happens"
        aria-busy={turns.length > 0}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a window that scrolls must be reached by the keyboard.
        tabIndex={0}
      >
        <div style={{ height: total, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const card = cards[index]
            const turn = turns[index - cards.length]
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                data-key={key}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                {card !== undefined && (
                  <CardView
                    card={card}
                    progress={card.kind === 'tool' ? (progress[card.request.toolCallId]?.text ?? '') : ''}
                  />
                )}
                {turn !== undefined && <LiveCard turn={turn} />}
              </div>
            )
          })}
        </div>
      </div>
      {reading && <Loader className={classes.reading} size="xs" role="status" aria-label="Reading what came before" />}
      {!following && (
        <Button className={classes.live} size="compact-sm" onClick={toEnd}>
          Jump to live
        </Button>
      )}
    </div>
  )
}
