// Where short messages appear; one that is told before this is loaded waits for it.
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

export const Notices = () => <Notifications position="bottom-right" />
