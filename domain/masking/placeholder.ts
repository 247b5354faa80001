// What stands where a secret stood; recognisable, so that masking masked text changes nothing.

/** `__MASKED_<NAME>__`, upper case. */
export const placeholder = (name: string): string => `__MASKED_${name.replace(/\W+/g, '_').toUpperCase()}__`

export const isPlaceholder = (text: string): boolean => /^__MASKED_[A-Z0-9_]+__$/.test(text)

/** A key that was itself masked says nothing of its value. */
export const endsMasked = (text: string): boolean => /__MASKED_[A-Z0-9_]+__$/.test(text.slice(-80))
