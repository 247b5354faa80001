// The slider through a session's versions: dragged, stepped by keys, or played.
import { Button, Group, Slider, Text } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { useEffect, useState } from 'react'

const stepMs = 700

interface VersionSliderProps {
  readonly at: number
  readonly max: number
  /** What is shown belongs to `at`: the next step of a play may come. */
  readonly ready: boolean
  readonly onChange: (at: number) => void
}

export const VersionSlider = ({ at, max, ready, onChange }: VersionSliderProps) => {
  const [dragged, setDragged] = useState(at)
  const [playing, setPlaying] = useState(false)
  useEffect(() => setDragged(at), [at])
  const settle = useDebouncedCallback(onChange, 120)
  const turn = (to: number): void => {
    setPlaying(false)
    setDragged(to)
    settle(to)
  }
  // From what is seen: the address may be a step behind the keys.
  const step = (by: number): void => turn(Math.max(1, Math.min(max, dragged + by)))
  const play = (): void => {
    if (!playing && dragged >= max) {
      setDragged(1)
      onChange(1)
    }
    setPlaying(!playing)
  }
  useHotkeys([
    [',', () => step(-1)],
    ['.', () => step(1)],
    ['p', play],
  ])
  useEffect(() => {
    if (!playing || !ready) return
    if (dragged >= max) return setPlaying(false)
    const timer = setTimeout(() => onChange(at + 1), stepMs)
    return () => clearTimeout(timer)
  }, [playing, ready, at, dragged, max, onChange])
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <Button.Group>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => step(-1)}
          disabled={dragged <= 1}
          aria-label="One back"
        >
          ◂
        </Button>
        <Button variant="default" size="compact-sm" onClick={play} aria-label={playing ? 'Stop' : 'Play'}>
          {playing ? '⏸' : '▶'}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => step(1)}
          disabled={dragged >= max}
          aria-label="One on"
        >
          ▸
        </Button>
      </Button.Group>
      <Slider
        flex={1}
        min={1}
        max={Math.max(2, max)}
        disabled={max < 2}
        value={dragged}
        label={null}
        thumbLabel="Version"
        onChange={turn}
      />
      <Text size="sm" miw={72} ta="right" role="status">
        {dragged} of {max}
      </Text>
    </Group>
  )
}
