// One look: the system's fonts, a blue that holds AA contrast in both schemes, and small radii.
import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
})

/** The library's own dimmed grey is too faint for AA, on white and on hovered rows. */
export const readableGreys: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#565e66' },
  dark: { '--mantine-color-dimmed': '#a9aeb4' },
})
