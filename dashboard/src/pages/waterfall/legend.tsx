// What the colours of the bars say.
import type { ColourBy } from './bar-shade.ts'
import classes from './waterfall.module.css'

interface LegendProps {
  readonly by: ColourBy
  readonly path: boolean
  readonly fork: boolean
}

interface Entry {
  readonly words: string
  readonly shape: string
  readonly tone?: string
  readonly shade?: number
}

const always: readonly Entry[] = [
  { words: 'queued', shape: 'queued' },
  { words: 'waiting for a person', shape: 'waiting' },
]
const byStatus: readonly Entry[] = [
  { words: 'at work', shape: 'running', tone: 'open' },
  { words: 'done', shape: 'running', tone: 'good' },
  { words: 'failed', shape: 'running', tone: 'bad' },
  { words: 'refused or cancelled', shape: 'running', tone: 'off' },
]
const byAmount: readonly Entry[] = [
  { words: 'nothing', shape: 'running', shade: 0 },
  { words: 'little', shape: 'running', shade: 1 },
  { words: 'much', shape: 'running', shade: 3 },
  { words: 'most of its kind', shape: 'running', shade: 5 },
]

export const Legend = ({ by, path, fork }: LegendProps) => (
  <div className={classes['legend']}>
    {[...(by === 'status' ? byStatus : byAmount), ...always].map(({ words, shape, tone, shade }) => (
      <span key={words}>
        <svg width={18} height={12} aria-hidden="true">
          <rect
            className={classes[shape]}
            x={1}
            y={1}
            width={16}
            height={10}
            rx={2}
            data-tone={tone}
            data-shade={shade}
          />
        </svg>
        {words}
      </span>
    ))}
    {path && (
      <span>
        <svg width={18} height={12} aria-hidden="true">
          <rect className={classes['path']} x={1} y={5} width={16} height={3} />
        </svg>
        what the end hung on
      </span>
    )}
    {fork && (
      <span>
        <svg width={18} height={12} aria-hidden="true">
          <line className={classes['forked']} x1={9} x2={9} y1={0} y2={12} />
        </svg>
        where it was forked
      </span>
    )}
  </div>
)
