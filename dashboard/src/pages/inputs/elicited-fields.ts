// The fields of a tool server's form, as inputs to draw.
import type { ElicitationField, ElicitationForm } from '../../../../schemas/elicitation.ts'

export type Value = string | number | boolean | readonly string[]

export interface FormField {
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly required: boolean
  readonly kind: 'text' | 'number' | 'yes_or_no' | 'choice' | 'choices'
  /** Of a choice. */
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly initial?: Value
}

export const fieldsOf = ({ properties, required = [] }: ElicitationForm): readonly FormField[] =>
  Object.entries(properties).map(([name, field]) => ({
    name,
    label: field.title ?? name,
    required: required.includes(name),
    kind: kindOf(field),
    options: optionsOf(field),
    ...(field.description !== undefined && { description: field.description }),
    // A box that nobody ticked says no.
    ...(field.type === 'boolean' && { initial: false }),
    ...(field.default !== undefined && { initial: field.default }),
  }))

const kindOf = (field: ElicitationField): FormField['kind'] => {
  switch (field.type) {
    case 'string':
      return 'oneOf' in field || 'enum' in field ? 'choice' : 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'yes_or_no'
    case 'array':
      return 'choices'
  }
}

const optionsOf = (field: ElicitationField): FormField['options'] => {
  const plain = (values: readonly string[], names: readonly string[] = []) =>
    values.map((value, index) => ({ value, label: names[index] ?? value }))
  const titled = (values: readonly { readonly const: string; readonly title: string }[]) =>
    values.map(({ const: value, title }) => ({ value, label: title }))
  if (field.type === 'array') return 'anyOf' in field.items ? titled(field.items.anyOf) : plain(field.items.enum)
  if ('oneOf' in field) return titled(field.oneOf)
  return 'enum' in field ? plain(field.enum, field.enumNames) : []
}
