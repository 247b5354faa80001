// Faults and warnings of a configuration, a line each, in the form editors and terminals can follow.
import type { ReportedIssue } from '../../schemas/configuration-report.ts'
import { oneLine, type Write } from './output.ts'

export const writeIssues = (write: Write, issues: readonly ReportedIssue[], kind = ''): void => {
  for (const { file, line, path, message } of issues) {
    const place = line === 0 ? file : `${file}:${line}`
    write(`${oneLine(`${place}: ${kind}${path === '' ? '' : `${path}: `}${message}`)}\n`)
  }
}

export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
