// Earlier shapes of events, each with its step to the next one: read in one place, and unknown to everything else.
import { z } from 'zod'
import { actor } from './actor.ts'
import { inputId, sessionId } from './ids.ts'
import { dayBudgetKind, ledgerEventData } from './ledger-events.ts'

export interface EarlierVersion {
  /** As it lies on old logs. */
  readonly data: z.ZodType
  /** Its data as the next version's, checked against that one's schema afterwards. @throws z.ZodError when it is not of this version. */
  readonly upcast: (stored: unknown) => unknown
}

/** `next` only says what `step` must return: the version after this one, or the present shape. */
export const earlier = <Stored extends z.ZodType, Next extends z.ZodType>(
  data: Stored,
  _next: Next,
  step: (stored: z.output<Stored>) => z.input<Next>,
): EarlierVersion => ({ data, upcast: (stored) => step(data.parse(stored)) })

/** By event type, version 1 first. What is not listed has had one shape ever since. */
export const earlierVersions: Readonly<Record<string, readonly EarlierVersion[]>> = {
  // `by` was the amount here, and the person everywhere else.
  'ledger.budget_raised': [
    earlier(
      z.object({ budget: dayBudgetKind, by: z.number().positive(), inputId, sessionId, actor }),
      ledgerEventData['ledger.budget_raised'],
      ({ by, actor: person, ...rest }) => ({ ...rest, amount: by, by: person }),
    ),
  ],
}
