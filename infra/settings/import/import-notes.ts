// Keeps count of every field of a source: carried over, changed on the way, or left behind and why.
import type { ReportedIssue } from '../../../schemas/configuration-report.ts'
import { isRecord, pathText } from '../yaml-document.ts'
import type { Path, SourceFile } from './source-file.ts'

export interface ImportNotes {
  /** With everything below it. */
  carried(path: Path): void
  /** Carried over under another name; says nothing of the fields below. */
  renamed(path: Path, message: string): void
  /** Carried over in another form. */
  changed(path: Path, message: string): void
  lost(path: Path, message: string): void
  /** What nobody has spoken of is lost too. */
  finish(reasonOf: (path: Path) => string): {
    readonly changed: readonly ReportedIssue[]
    readonly notCarriedOver: readonly ReportedIssue[]
  }
}

export const createImportNotes = (source: SourceFile): ImportNotes => {
  const settled = new Set<string>()
  const changed: ReportedIssue[] = []
  const lost: ReportedIssue[] = []
  const key = (path: Path): string => path.join('\n')
  const note = (path: Path, message: string): ReportedIssue => ({
    file: source.file,
    line: source.line(path),
    path: pathText(path),
    message,
  })
  const isSettled = (path: Path): boolean => path.some((_, index) => settled.has(key(path.slice(0, index + 1))))
  const settle = (path: Path): void => {
    settled.add(key(path))
  }

  return {
    carried: settle,
    renamed: (path, message) => {
      changed.push(note(path, message))
    },
    changed: (path, message) => {
      settle(path)
      changed.push(note(path, message))
    },
    lost: (path, message) => {
      settle(path)
      lost.push(note(path, message))
    },
    finish: (reasonOf) => {
      for (const path of leavesOf(source.content, [])) {
        if (!isSettled(path)) lost.push(note(path, reasonOf(path)))
      }
      const inOrder = (a: ReportedIssue, b: ReportedIssue): number => a.line - b.line
      return { changed: changed.sort(inOrder), notCarriedOver: lost.sort(inOrder) }
    },
  }
}

/** For what stands in no source. */
export const noNotes: ImportNotes = {
  carried: () => undefined,
  renamed: () => undefined,
  changed: () => undefined,
  lost: () => undefined,
  finish: () => ({ changed: [], notCarriedOver: [] }),
}

/** A list of plain values is one field. */
const leavesOf = (value: unknown, path: Path): readonly Path[] => {
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))
  }
  if (Array.isArray(value) && value.some((each) => isRecord(each))) {
    return value.flatMap((each: unknown, index) => leavesOf(each, [...path, index]))
  }
  return path.length === 0 ? [] : [path]
}
