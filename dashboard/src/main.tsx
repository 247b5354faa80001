// The dashboard's first line: theme, data, live connection and pages around one root.
import '@mantine/core/styles.css'
import './app/app.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LiveGate } from './app/live-gate.tsx'
import { NoticesWhenTold } from './app/notices-when-told.tsx'
import { queryClient } from './app/query-client.ts'
import { router } from './app/router.tsx'
import { readableGreys, theme } from './app/theme.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
// What locks the scrolling under a dialog puts its style into the page by itself, and looks for the nonce here.
Reflect.set(globalThis, '__webpack_nonce__', nonce)

// The page's own part comes while the token is still being looked at.
void router.load()

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableGreys}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <NoticesWhenTold />
      <QueryClientProvider client={queryClient}>
        <LiveGate>
          <RouterProvider router={router} />
        </LiveGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
