// Loads the short messages with the first of them: most visits see none.
import { useNotifications } from '@mantine/notifications'
import { lazy, Suspense } from 'react'

const Notices = lazy(async () => ({ default: (await import('./notices.tsx')).Notices }))

export const NoticesWhenTold = () => {
  const { notifications } = useNotifications()
  return notifications.length === 0 ? null : (
    <Suspense>
      <Notices />
    </Suspense>
  )
}
