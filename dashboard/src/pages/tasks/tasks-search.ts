// The filters of the task list as they stand in the address.
import { textsOf } from '../../lists/read-search.ts'

export interface TasksSearch {
  readonly status?: string
}

export const readTasksSearch = (search: Readonly<Record<string, unknown>>): TasksSearch => textsOf(search, ['status'])
