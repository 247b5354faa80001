// Who asked, as a line of the process log may say it: lines are kept where nothing is forgotten.
import { isPerson } from '../../domain/personal/personal-fields.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { HttpDependencies } from './dependencies.ts'

/** Where personal fields are sealed a person has no name there; the correlation id leads to what they did. */
export const nameInLog = (actor: Actor, { sealPersonal }: Pick<HttpDependencies, 'sealPersonal'>): string =>
  sealPersonal !== undefined && isPerson(actor) ? actor.kind : actor.id
