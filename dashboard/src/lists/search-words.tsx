// Words to search a list by; the address follows when the typing rests.
import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'

interface SearchWordsProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
}

export const SearchWords = ({ label, placeholder, value, onChange }: SearchWordsProps) => {
  const [text, setText] = useState(value)
  // A view that is chosen, or a step back, says other words.
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value])
  const tell = useDebouncedCallback(onChange, 250)
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        tell(currentTarget.value.trim())
      }}
      data-search
      w={{ base: '100%', xs: 300 }}
    />
  )
}
