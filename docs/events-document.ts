// The reference of every event, written from the schemas so that it can never say something else than they do.
import { z } from 'zod'
import { cloudEvent } from '../schemas/commit.ts'
import { presentVersion } from '../schemas/event-reader.ts'
import { type EventType, eventData, eventShapes, isEventType, storedType } from '../schemas/events.ts'
import { meanings } from './event-meanings.ts'
import { commentFiles, readComments } from './schema-comments.ts'
import { asType, fieldName, typeOf } from './schema-words.ts'
import { shapeNotes, sharedShapes } from './shared-shapes.ts'

const fieldsOf = (container: string, schema: z.ZodObject, comments: ReadonlyMap<string, string>): string =>
  Object.entries(schema.shape)
    .map(([field, type]) => {
      const comment = comments.get(`${container}.${field}`)
      return `- ${fieldName(field, type)}: ${typeOf(asType(type))}${comment === undefined ? '' : `. ${comment}`}`
    })
    .join('\n')

const shapeSection = (name: string, schema: z.ZodType, comments: ReadonlyMap<string, string>): string =>
  [
    `### ${name}`,
    ...noteOf(name),
    schema instanceof z.ZodObject ? fieldsOf(name, schema, comments) : typeOf(schema, schema),
  ].join('\n\n')

const noteOf = (name: string): readonly string[] =>
  Object.entries(shapeNotes)
    .filter(([shape]) => shape === name)
    .map(([, note]) => note)

const olderVersions = (type: EventType): string =>
  presentVersion(eventShapes, type) > 1 ? '; earlier versions are read as this one' : ''

const eventSections = (prefix: string, comments: ReadonlyMap<string, string>): readonly string[] =>
  Object.entries(eventData).flatMap(([type, schema]) =>
    isEventType(type) && type.startsWith(prefix)
      ? [
          `### ${type}\n\n${meanings[type]} Stored as \`${storedType(type)}\`${olderVersions(type)}.\n\n${fieldsOf(type, schema, comments)}`,
        ]
      : [],
  )

export const eventsDocument = (): string => {
  const comments = readComments(commentFiles)
  return `${[
    '# Events',
    'Written by `npm run docs` from the schemas in `schemas/`; do not edit it by hand. `?` marks a field that may be absent; a moment is ISO 8601 in UTC, a day its date.',
    'Names and fields are the storage format. [A change](changing-events.md) of shape is a new version of the stored type, and older ones are read as the present one; an event of a type this build does not know is kept and shown, and changes no state.',
    '## The envelope',
    'All events of one command on one stream are one message: a list of CloudEvents 1.0 in JSON. The first is whole; the others say their `type` and `data`, and leave unsaid what is as with the first, their `id` and `sequence` counting on from there. The API, exports and the archive give each with all of its attributes. [bus.md](bus.md) has its subject and headers.',
    fieldsOf('cloudEvent', cloudEvent, comments),
    '## Events of a session',
    ...eventSections('session.', comments),
    '## Events of an alert',
    ...eventSections('alert.', comments),
    '## Events of a task',
    ...eventSections('task.', comments),
    '## Events of the configuration',
    'One stream, `definition/configuration` of the org `default`.',
    ...eventSections('configuration.', comments),
    "## Events of an org's day",
    'One stream, `ledger/<yyyy-mm-dd>`, for each org and day in UTC on which the org has [day budgets](configuration.md#day-budgets).',
    ...eventSections('ledger.', comments),
    '## Events of an erasure',
    'One stream, `erasure/<session id>`: what is left of a session that [was erased](erasure.md).',
    ...eventSections('erasure.', comments),
    '## Events of a person',
    'One stream, `person/<person id>`: that somebody whose texts are sealed [is forgotten](personal-data.md).',
    ...eventSections('person.', comments),
    '## Shared shapes',
    ...Object.entries(sharedShapes).map(([name, schema]) => shapeSection(name, schema, comments)),
  ].join('\n\n')}\n`
}
