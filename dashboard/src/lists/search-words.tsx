// Words to search a list by; the address follows when the typing rests.
import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'

interface SearchWordsProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
}

export const SearchWords = ({ label, placeholder, value, onChange }: SearchWordsProps) => {
  const [text, setText] = useState(value)
  const told = useRef(value)
  // A view that is chosen, or a step back, says other words. What was told here may have been typed on since.
  useEffect(() => {
    if (value !== told.current) setText(value)
    told.current = value
  }, [value])
  const tell = useDebouncedCallback((words: string) => {
    told.current = words
    onChange(words)
  }, 250)
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
