// What the server said no to, in its own words.
import { Alert } from '@mantine/core'
import { ApiProblem } from '../api/problem.ts'

interface ProblemAlertProps {
  readonly error: Error | null
}

export const ProblemAlert = ({ error }: ProblemAlertProps) =>
  error === null ? null : (
    <Alert color="red" title={error instanceof ApiProblem ? error.code : 'No answer'}>
      {error.message}
    </Alert>
  )
