// The events of a commit as they lie in the log: what they have in common is said once, by the first.
import { z } from 'zod'

const attributes = z.record(z.string(), z.unknown())
type Attributes = z.infer<typeof attributes>

/** `null` for anything but a list of objects. */
export const storedBatch = (json: unknown): readonly Attributes[] | null => {
  if (!Array.isArray(json) || json.length === 0) return null
  return json.every(isAttributes) ? json : null
}

const isAttributes = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An event that says nothing of itself but what happened. */
export const isBare = (event: Attributes): boolean => !Object.hasOwn(event, 'id')

/** What a bare event leaves unsaid: the attributes of the first of its batch; its id and its version count on from there. */
export const sharedAttributes = (first: Attributes, index: number): Attributes => {
  const { type: _, data: __, ...shared } = first
  const [id, sequence] = [String(shared['id']), String(shared['sequence'])]
  return {
    ...shared,
    id: id.replace(/\d+$/, (digits) => String(Number(digits) + index)),
    sequence: String(Number(sequence) + index).padStart(sequence.length, '0'),
  }
}

/** Each with all of its attributes; batches of before 0032 are that already. */
export const wholeEvents = (batch: readonly Attributes[]): readonly Attributes[] => {
  const [first = {}] = batch
  return batch.map((event, index) => (isBare(event) ? { ...sharedAttributes(first, index), ...event } : event))
}
