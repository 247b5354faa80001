// The comments above the fields of schemas, which the reference repeats.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `<container>.<field>` to the one-line comment above the field. */
export const readComments = (files: readonly string[]): ReadonlyMap<string, string> => {
  const comments = new Map<string, string>()
  for (const file of files) {
    let container = ''
    let comment = ''
    for (const line of readFileSync(join(import.meta.dirname, '..', 'schemas', file), 'utf8').split('\n')) {
      container = /^(?:export const (\w+) =|\s{2}'([\w.]+)':)/.exec(line)?.slice(1).find(Boolean) ?? container
      const field = /^\s+(\w+)[:,]/.exec(line)?.[1]
      if (comment !== '' && field !== undefined) comments.set(`${container}.${field}`, comment)
      comment = /^\s+\/\*\* (.*) \*\/$/.exec(line)?.[1] ?? ''
    }
  }
  return comments
}

export const commentFiles = [
  'session-origin.ts',
  'cause.ts',
  'session-course-events.ts',
  'session-turn-events.ts',
  'session-tool-call-events.ts',
  'session-delegation-events.ts',
  'session-steering-events.ts',
  'session-fork-events.ts',
  'fork.ts',
  'session-plan.ts',
  'session-inputs.ts',
  'conclusion.ts',
  'tool-policy.ts',
  'budget.ts',
  'overrides.ts',
  'alert-events.ts',
  'task-events.ts',
  'configuration-events.ts',
  'ledger-events.ts',
  'erasure-events.ts',
  'alert.ts',
  'agent-definition.ts',
  'commit.ts',
  'model.ts',
  'stored-text.ts',
  'tool.ts',
]
