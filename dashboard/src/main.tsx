// The dashboard's first line: theme, data, live connection and pages around one root.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app/app.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LiveGate } from './app/live-gate.tsx'
import { queryClient } from './app/query-client.ts'
import { router } from './app/router.tsx'
import { readableGreys, theme } from './app/theme.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableGreys}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <LiveGate>
          <RouterProvider router={router} />
        </LiveGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
