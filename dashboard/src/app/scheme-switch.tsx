// Light or dark, whatever the system says.
import { Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'

export const SchemeSwitch = () => {
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark'
  return (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() => setColorScheme(other)}
      aria-label={`Use the ${other} scheme`}
    >
      {other === 'dark' ? '☾' : '☀'}
    </Button>
  )
}
