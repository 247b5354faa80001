// A number, what it counts, and the way to what it counts.
import { cloneElement, type ReactElement } from 'react'
import classes from './overview-page.module.css'

interface FigureProps {
  readonly label: string
  readonly value: number | string | undefined
  readonly note?: string
  readonly alarming?: boolean
  /** The link it is, without anything in it. */
  readonly children: ReactElement<{
    className?: string | undefined
    children?: React.ReactNode
    'data-alarming'?: boolean | undefined
  }>
}

export const Figure = ({ label, value, note, alarming = false, children }: FigureProps) =>
  cloneElement(
    children,
    { className: classes['figure'], 'data-alarming': alarming || undefined },
    <>
      <div className={classes['value']}>{typeof value === 'number' ? value.toLocaleString('en') : (value ?? '–')}</div>
      <div className={classes['label']}>{label}</div>
      {note !== undefined && <div className={classes['note']}>{note}</div>}
    </>,
  )
