// A moment as people say it, with the exact one a hover or a screen reader away.
import { useEffect, useState } from 'react'

const steps: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })

export const relativeTime = (at: string, now: number): string => {
  const seconds = Math.round((Date.parse(at) - now) / 1000)
  const [size, unit] = steps.find(([each]) => Math.abs(seconds) >= each) ?? [1, 'second']
  return words.format(Math.trunc(seconds / size), unit)
}

interface MomentProps {
  readonly at: string
}

export const Moment = ({ at }: MomentProps) => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={new Date(at).toISOString()}>
      {relativeTime(at, now)}
    </time>
  )
}
