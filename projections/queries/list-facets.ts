// The facets of the lists of sessions and alerts.
import type { Kysely } from 'kysely'
import { alertsProjection } from '../alerts.ts'
import { liveSchemaOf } from '../projection.ts'
import { sessionsProjection } from '../sessions.ts'
import type { Tables } from '../tables.ts'
import { type AlertFilter, alertsLike } from './alert-filter.ts'
import { arrivals } from './alert-queries.ts'
import { countFacets, eachLabel, type Facets } from './facets.ts'
import { type SessionFilter, sessionsLike } from './session-filter.ts'

const anyKind = ['investigation', 'fork', 'replay'] as const

export const countSessionFacets = (db: Kysely<Tables>, filter: SessionFilter): Promise<Facets> => {
  const like = (without: Partial<SessionFilter>) => sessionsLike({ ...filter, ...without })
  return countFacets(db, {
    table: `${liveSchemaOf(sessionsProjection)}.sessions`,
    latest: 'started_at DESC',
    all: like({}),
    by: [
      { name: 'status', column: 'status', like: like({ status: undefined }) },
      { name: 'kind', column: 'kind', like: like({ kinds: anyKind }) },
      { name: 'chain', column: 'chain', like: like({ chain: undefined }) },
      { name: 'severity', column: 'severity', like: like({ severity: undefined }) },
      { name: 'outcome', column: 'outcome', like: like({ outcome: undefined }) },
      { name: 'label', column: 'labels', each: eachLabel, like: like({}) },
      {
        name: 'waiting',
        column: 'waiting',
        each: 'SELECT waiting::text AS value FROM row',
        like: like({ waiting: undefined }),
      },
    ],
  })
}

export const countAlertFacets = (db: Kysely<Tables>, filter: AlertFilter): Promise<Facets> => {
  const like = (without: Partial<AlertFilter>) => alertsLike({ ...filter, ...without }, arrivals)
  return countFacets(db, {
    table: `${liveSchemaOf(alertsProjection)}.alerts AS alerts`,
    latest: 'last_seen DESC',
    all: like({}),
    by: [
      { name: 'status', column: 'status', like: like({ status: undefined }) },
      { name: 'severity', column: 'severity', like: like({ severity: undefined }) },
      { name: 'source', column: 'source', like: like({ source: undefined }) },
      { name: 'session_status', column: 'session_status', like: like({ sessionStatus: undefined }) },
      { name: 'label', column: 'labels', each: eachLabel, like: like({}) },
    ],
  })
}
