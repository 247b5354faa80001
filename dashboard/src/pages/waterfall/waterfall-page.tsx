// Where a session's time went: its bars in a tree, the part of them that is looked at, and what the end hung on.
import { Button, Group, SegmentedControl, Stack, Switch, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Waterfall } from '../../../../projections/waterfall-view.ts'
import { problemOf } from '../../api/patience.ts'
import { GoesOnFrom } from '../../parts/goes-on-from.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { SessionTabs } from '../../parts/session-tabs.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { BarDetails } from './bar-details.tsx'
import { type ColourBy, mostOf } from './bar-shade.ts'
import { BarTable } from './bar-table.tsx'
import { duration } from './bar-words.ts'
import { criticalPath } from './critical-path.ts'
import { inheritedBars, leftOut, type ShownBar, type Source } from './inherited-bars.ts'
import { Legend } from './legend.tsx'
import { OverviewStrip } from './overview-strip.tsx'
import { rowsOf } from './rows.ts'
import { type Span, wholeOf, within, zoomed } from './spans.ts'
import { useSources } from './use-sources.ts'
import { useWaterfall } from './use-waterfall.ts'
import classes from './waterfall.module.css'
import { WaterfallChart } from './waterfall-chart.tsx'
import type { WaterfallSearch } from './waterfall-search.ts'

const route = getRouteApi('/sessions/$id/waterfall')

export const WaterfallPage = () => {
  const { id } = route.useParams()
  const { shown, error } = useWaterfall(id)
  const fork = shown?.fork ?? null
  const sources = useSources(fork)
  const ready = fork === null || !sources.isPending
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <PageTitle>{shown?.title ?? 'Waterfall'}</PageTitle>
        {shown?.bars[0] !== undefined && <StatusBadge status={shown.bars[0].status} />}
      </Group>
      <SessionTabs id={id} />
      <ProblemAlert error={error ?? problemOf(sources)} />
      {shown !== null && ready && (
        <Bars key={id} sessionId={id} waterfall={shown} sources={sources.data ?? noSources} />
      )}
      {(shown === null || !ready) && error === null && <Text c="dimmed">Opening …</Text>}
    </Stack>
  )
}

interface BarsProps {
  readonly sessionId: string
  readonly waterfall: Waterfall
  /** Of a fork, the first one first. */
  readonly sources: readonly Source[]
}

const noSources: readonly Source[] = []

const Bars = ({ sessionId, waterfall: { bars: own, fork }, sources }: BarsProps) => {
  const { by = 'status', path: onlyPath = false, table = false, bar: openId } = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow(own[0]?.endedAt === null)
  const start = own[0]?.askedAt ?? ''
  const inherited = useMemo(() => inheritedBars(sources, start), [sources, start])
  const bars = useMemo(() => [...inherited, ...own], [inherited, own])
  const borders = useMemo(() => bordersOf(bars), [bars])
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(inherited.length)
  /** Null: all of it, also what is still to come. */
  const [chosen, setChosen] = useState<Span | null>(null)
  const { ref: area, width } = useElementSize<HTMLDivElement>()

  const whole = useMemo(() => wholeOf(bars, now), [bars, now])
  const span = chosen === null ? whole : within(whole, chosen)
  const rows = useMemo(() => rowsOf(bars, folded), [bars, folded])
  const most = useMemo(() => mostOf(bars, by), [bars, by])
  const path = useMemo(() => (onlyPath ? criticalPath(bars, now) : null), [bars, now, onlyPath])
  const open = useMemo(() => bars.find(({ id }) => id === openId) ?? null, [bars, openId])
  const folders = useMemo(() => bars.filter(({ kind }) => kind === 'agent' || kind === 'helper'), [bars])

  const search = useCallback(
    (change: { readonly [K in keyof WaterfallSearch]: WaterfallSearch[K] | undefined }) =>
      void navigate({ search: (before) => ({ ...before, ...change }) as WaterfallSearch, replace: true }),
    [navigate],
  )
  const onOpen = useCallback(
    (id: string) => {
      search({ bar: id })
      setActive(
        (before) =>
          Math.max(
            0,
            rows.findIndex(({ bar }) => bar.id === id),
          ) || before,
      )
    },
    [search, rows],
  )
  const onFold = useCallback(
    (id: string) =>
      setFolded((before) => (before.has(id) ? before.difference(new Set([id])) : before.union(new Set([id])))),
    [],
  )
  const onSpan = useCallback(
    (next: Span) => setChosen(next.from <= whole.from && next.to >= whole.to ? null : next),
    [whole],
  )
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="Colour by"
            value={by}
            onChange={(value) => search({ by: byOf(value) })}
            data={[
              { value: 'status', label: 'Status' },
              { value: 'cost', label: 'Cost' },
              { value: 'tokens', label: 'Tokens' },
            ]}
          />
          <Switch
            size="sm"
            label="Critical path"
            checked={onlyPath}
            onChange={(event) => search({ path: event.currentTarget.checked || undefined })}
          />
          <Switch
            size="sm"
            label="As a table"
            checked={table}
            onChange={(event) => search({ table: event.currentTarget.checked || undefined })}
          />
        </Group>
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setFolded(folded.size > 0 ? new Set() : new Set(folders.map(({ id }) => id)))}
          >
            {folded.size > 0 ? 'Unfold all' : 'Fold agents'}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            aria-label="Zoom in"
            onClick={() => onSpan(zoomed(whole, span, 0.5))}
          >
            +
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            aria-label="Zoom out"
            onClick={() => onSpan(zoomed(whole, span, 2))}
          >
            −
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setChosen(null)} disabled={chosen === null}>
            All
          </Button>
        </Group>
      </Group>
      <GoesOnFrom fork={fork} view="waterfall">
        {sources.length > 0 && `; the ${duration(leftOut(sources, start))} until it was forked are left out`}
      </GoesOnFrom>
      <Text size="sm" c="dimmed" aria-live="off">
        {bars.length} bars{inherited.length > 0 && ` (${inherited.length} inherited)`},{' '}
        {duration(whole.to - whole.from)}
        {chosen !== null && `; shown: ${duration(span.to - span.from)} from ${duration(span.from - whole.from)}`}
      </Text>
      {table ? (
        <BarTable rows={rows} origin={whole.from} now={now} onOpen={onOpen} />
      ) : (
        <div className={classes['colours']}>
          <OverviewStrip bars={bars} whole={whole} span={span} now={now} onSpan={onSpan} />
          <WaterfallChart
            rows={rows}
            folded={folded}
            whole={whole}
            span={span}
            now={now}
            by={by}
            most={most}
            path={path}
            borders={borders}
            active={Math.min(active, rows.length - 1)}
            area={area}
            width={width}
            onActive={setActive}
            onOpen={onOpen}
            onFold={onFold}
            onSpan={onSpan}
          />
          <Legend by={by} path={onlyPath} fork={borders.length > 0} />
        </div>
      )}
      <BarDetails
        sessionId={sessionId}
        bar={open}
        origin={whole.from}
        now={now}
        onClose={() => search({ bar: undefined })}
      />
    </>
  )
}

/** When each session but the first one began. */
const bordersOf = (bars: readonly ShownBar[]): readonly number[] => {
  const [, ...forks] = bars.filter(({ parent }) => parent === null)
  return [...new Set(forks.map(({ askedAt }) => Date.parse(askedAt)))]
}

const byOf = (value: string): Exclude<ColourBy, 'status'> | undefined =>
  value === 'cost' || value === 'tokens' ? value : undefined

/** Goes on twice a second while something is at work. */
const useNow = (running: boolean): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [running])
  return now
}
