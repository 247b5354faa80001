// Does what a person asked for, and says why when it is refused.
import { notifications } from '@mantine/notifications'

/** @returns true when it was done. */
export const tell = async (what: string, asked: Promise<unknown>): Promise<boolean> => {
  try {
    await asked
    return true
  } catch (error) {
    notifications.show({ color: 'red', title: what, message: error instanceof Error ? error.message : String(error) })
    return false
  }
}
