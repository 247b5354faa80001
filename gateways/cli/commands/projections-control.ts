// `casebook projections pause`, `resume`, `cancel`, `drop-as-of`, `drop-old`: what is filled, and what is kept beside what serves.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const answer = z.looseObject({
  paused: z.boolean().optional(),
  resumed: z.boolean().optional(),
  cancelled: z.boolean().optional(),
  dropped: z.array(z.int()).optional(),
})
type Answer = z.infer<typeof answer>

export const addProjectionsControl = (group: Command, { api, write }: Cli): void => {
  const add = (verb: string, description: string, told: (name: string, answer: Answer) => string): void => {
    group
      .command(`${verb} <name>`)
      .description(description)
      .option('--json', 'as JSON')
      .action(async (name: string, options: JsonOption) => {
        const given = await api().post(`/v1/projections/${encodeURIComponent(name)}/${verb}`, {}, answer)
        if (options.json === true) return writeJson(write, given)
        write(`${told(name, given)}\n`)
      })
  }
  add('pause', 'let a rebuild or a verification stand still', (name, { paused }) =>
    paused === true
      ? `${name} stands still until: casebook projections resume ${name}`
      : `Nothing of ${name} is being filled.`,
  )
  add('resume', 'let what is paused try again from where it stopped', (name, { resumed }) =>
    resumed === true ? `${name} tries again.` : `${name} was not paused.`,
  )
  add('cancel', 'give a rebuild or a verification up; what serves goes on', (name, { cancelled }) =>
    cancelled === true ? `What was being filled of ${name} is dropped.` : `Nothing of ${name} is being filled.`,
  )
  add('drop-as-of', 'drop those of other times', (name, { dropped = [] }) =>
    dropped.length > 0 ? `Dropped of ${name}: generation ${dropped.join(', ')}.` : `There is ${name} of no other time.`,
  )
  add('drop-old', 'drop what a rebuild has replaced', (name, { dropped = [] }) =>
    dropped.length > 0 ? `Dropped of ${name}: generation ${dropped.join(', ')}.` : `There is nothing old of ${name}.`,
  )
}
