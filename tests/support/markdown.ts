// Markdown as the tests of the documents read it: headings, links, tables and fenced blocks.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export const readDocument = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Every document there is, relative to the repository. */
export const documents = (): readonly string[] =>
  ['*.md', 'docs/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: root })).sort()

export interface FencedBlock {
  readonly language: string
  readonly text: string
  /** 1-based, of the opening fence. */
  readonly line: number
}

export const fencedBlocks = (markdown: string): readonly FencedBlock[] =>
  [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: markdown.slice(0, match.index).split('\n').length,
  }))

const withoutBlocks = (markdown: string): string =>
  markdown.replace(/^```\w*\n[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ''))

/** Targets of inline links, code spans left out. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutBlocks(markdown).matchAll(/\[(?:[^\]`]|`[^`]*`)*\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')

/** The anchors that headings get, as GitHub makes them. */
export const anchorsOf = (markdown: string): readonly string[] => {
  const seen = new Map<string, number>()
  return [...withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)].map((match) => {
    const slug = (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

/** The text from a heading to the next one of its level or above. */
export const sectionOf = (markdown: string, heading: string): string => {
  const lines = markdown.split('\n')
  const levels = withoutBlocks(markdown)
    .split('\n')
    .map((line) => /^(#{1,6}) /.exec(line)?.[1]?.length ?? 0)
  const start = lines.findIndex((line, index) => (levels[index] ?? 0) > 0 && line.replace(/^#+ /, '') === heading)
  if (start === -1) throw new Error(`there is no heading "${heading}"`)
  const level = levels[start] ?? 1
  const length = levels.slice(start + 1).findIndex((each) => each > 0 && each <= level)
  return lines.slice(start, length === -1 ? undefined : start + 1 + length).join('\n')
}

/** Rows of every table in a text, cells trimmed, heads left out. */
export const tableRows = (markdown: string): readonly (readonly string[])[] =>
  markdown
    .split(/\n(?!\|)/)
    .flatMap((part) => {
      const rows = part.split('\n').filter((line) => line.startsWith('|'))
      return rows.slice(2)
    })
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

/** What stands in code spans of a cell. */
export const codesIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
