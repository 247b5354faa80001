// Stacked bars of equal parts of time, drawn as they are: a chart library would weigh more than the page.
import classes from './overview-page.module.css'

interface BarsProps {
  readonly label: string
  readonly bars: readonly { readonly from: string; readonly parts: readonly number[] }[]
  readonly onChoose: (index: number) => void
}

const width = 480
const height = 120
const base = height - 16
const colors = ['first', 'second', 'third'] as const

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

export const Bars = ({ label, bars, onChoose }: BarsProps) => {
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0))
  const top = Math.max(4, ...sums)
  const each = width / Math.max(1, bars.length)
  const tall = (value: number): number => (value / top) * (base - 12)
  return (
    <svg
      className={classes['chart']}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line x1="0" x2={width} y1={base} y2={base} className={classes['axis']} />
      {bars.map(({ from, parts }, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the figures lead to the same lists by key.
        <g key={from} className={classes['bar']} onClick={() => onChoose(index)}>
          <title>{`${hour.format(new Date(from))}: ${parts.join(' + ')}`}</title>
          <rect x={index * each} y="0" width={each} height={base} className={classes['ground']} />
          {parts.map((part, kind) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have an order and nothing else.
              key={kind}
              x={index * each + 2}
              width={each - 4}
              y={base - tall(parts.slice(0, kind + 1).reduce((sum, value) => sum + value, 0))}
              height={tall(part)}
              className={classes[colors[kind] ?? 'first']}
            />
          ))}
        </g>
      ))}
    </svg>
  )
}
