// The pages a person goes to, in one order for the side bar, the palette and the keys.
export const navigation = [
  { to: '/', label: 'Overview', key: 'o' },
  { to: '/sessions', label: 'Sessions', key: 's' },
  { to: '/alerts', label: 'Alerts', key: 'a' },
  { to: '/tasks', label: 'Tasks', key: 't' },
  { to: '/inputs', label: 'Inputs', key: 'i' },
  { to: '/events', label: 'Events', key: 'e' },
  { to: '/operations', label: 'Operations', key: 'p' },
] as const
