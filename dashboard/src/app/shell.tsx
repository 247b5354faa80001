// What stands around every page: navigation, what waits for a person, the connection, and the keys.
import { AppShell, Badge, Burger, Group, NavLink, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useFollowedInputs, waitingIn } from '../api/open-inputs.ts'
import { AnchorLink } from '../parts/anchor-link.tsx'
import { ConnectionDot } from './connection-dot.tsx'
import { navigation } from './navigation.ts'
import { OrgChoice } from './org-choice.tsx'
import { Palette } from './palette.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'
import { useGoKeys } from './use-go-keys.ts'

const KeyHelp = lazy(async () => ({ default: (await import('./key-help.tsx')).KeyHelp }))

export const Shell = () => {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [helpOpened, help] = useDisclosure(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const waiting = waitingIn(useFollowedInputs())
  useGoKeys(help.toggle)
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'xs', sm: 'md' }} gap="xs" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <AnchorLink to="/" underline="never" c="inherit">
              <Text fw={700}>Casebook</Text>
            </AnchorLink>
            <ConnectionDot />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <OrgChoice />
            <Palette />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {navigation.map(({ to, label }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            active={to === '/' ? path === '/' : path.startsWith(to)}
            aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
            onClick={close}
            rightSection={
              to === '/inputs' && waiting > 0 ? (
                <Badge size="sm" color="orange" variant="filled" aria-label={`${waiting} waiting for a person`}>
                  {waiting}
                </Badge>
              ) : null
            }
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {helpOpened && (
        <Suspense>
          <KeyHelp opened onClose={help.close} />
        </Suspense>
      )}
    </AppShell>
  )
}
