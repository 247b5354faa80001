// The schemas of all that passes on the bus as one set of JSON Schemas, each shape that several share written once.
import { z } from 'zod'
import { actor } from '../../schemas/actor.ts'
import { pinnedAgent } from '../../schemas/agent-definition.ts'
import { normalisedAlert } from '../../schemas/alert.ts'
import { type PublicCommand, publicCommands } from '../../schemas/commands.ts'
import { cloudEvent } from '../../schemas/commit.ts'
import { deadLetter, deadLetterDecision } from '../../schemas/dead-letter.ts'
import { type EventShapes, presentVersion } from '../../schemas/event-reader.ts'
import { jsonValue } from '../../schemas/json-value.ts'
import { liveDelta } from '../../schemas/live-delta.ts'
import { personCommandData } from '../../schemas/person-commands.ts'
import { sessionCommandData } from '../../schemas/session-commands.ts'
import { plannedStage } from '../../schemas/session-plan.ts'
import { storedText } from '../../schemas/stored-text.ts'
import { taskCommandData } from '../../schemas/task-commands.ts'
import { genericAlert } from '../alerts/generic-alert.ts'
import { busReply } from './serve-commands.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

export const shapeRef = (name: string): { readonly $ref: string } => ({ $ref: `#/components/schemas/${name}` })

/** As a sender writes it: what Casebook fills in may be absent. */
const asSent: Readonly<Record<PublicCommand, z.ZodType>> = {
  ...sessionCommandData,
  ...taskCommandData,
  ForgetPerson: personCommandData.ForgetPerson,
  StartSession: sessionCommandData.StartSession.partial({ sessionId: true }),
  ScheduleTask: taskCommandData.ScheduleTask.partial({ taskId: true }),
}

/** Every stored type there is or ever was, with the schema of its data. */
export const storedShapes = (shapes: EventShapes): ReadonlyMap<string, z.ZodType> =>
  new Map(
    Object.entries(shapes.current).flatMap(([type, current]) => [
      ...(shapes.earlier[type] ?? []).map(({ data }, index) => [`casebook.${type}.v${index + 1}`, data] as const),
      [`casebook.${type}.v${presentVersion(shapes, type)}`, current] as const,
    ]),
  )

export const wireShapes = (shapes: EventShapes): Readonly<Record<string, JsonSchema>> => {
  // All but the first of a commit leave it to the first to say.
  const envelope = cloudEvent.omit({ data: true, type: true, datacontenttype: true }).partial().shape
  const events = [...storedShapes(shapes)].map(
    ([stored, data]) => [stored, z.object({ ...envelope, type: z.literal(stored), data })] as const,
  )
  return {
    ...schemasOf('output', {
      ...{ actor, normalisedAlert, pinnedAgent, plannedStage, storedText, jsonValue },
      ...{ liveDelta, busReply, deadLetter, deadLetterDecision },
      ...Object.fromEntries(events),
    }),
    ...schemasOf('input', {
      json: jsonValue,
      Alert: genericAlert,
      ...Object.fromEntries(publicCommands.map((name) => [name, asSent[name]])),
    }),
  }
}

const made = z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) })

const schemasOf = (io: 'input' | 'output', named: Readonly<Record<string, z.ZodType>>) => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  const { schemas } = made.parse(
    z.toJSONSchema(registry, { io, target: 'draft-7', unrepresentable: 'any', uri: (id) => shapeRef(id).$ref }),
  )
  // Each would otherwise name itself as a document of its own, and what it refers to would be looked for in there.
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]))
}
