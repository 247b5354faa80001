// Evaluation cases from YAML files, with every fault told at once: its file, line and field.
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { evaluationCase, type ReadCase } from '../../schemas/evaluation-case.ts'
import type { ConfigurationIssue } from '../settings/settings-errors.ts'
import { EvaluationCasesInvalid } from '../settings/settings-errors.ts'
import { parseYaml, pathText } from '../settings/yaml-document.ts'

/** One case a file; a folder is read with its subfolders. @throws EvaluationCasesInvalid. */
export const readEvaluationCases = async (path: string): Promise<readonly ReadCase[]> => {
  const files = await filesAt(path)
  if (files.length === 0) throw new EvaluationCasesInvalid([fault(path, 'has no .yaml file')])
  const read = await Promise.all(files.map(readOne))
  const issues = read.flatMap((each) => ('issues' in each ? each.issues : []))
  const cases = read.flatMap((each) => ('issues' in each ? [] : [each.found]))
  const twice = cases.flatMap(({ id }, index) => {
    const first = cases.findIndex((each) => each.id === id)
    return first === index ? [] : [fault(files[index] ?? path, `${id} is the id of ${files[first]}, too`)]
  })
  if (issues.length + twice.length > 0) throw new EvaluationCasesInvalid([...issues, ...twice])
  return cases
}

const fault = (file: string, message: string): ConfigurationIssue => ({ file, line: 0, path: '', message })

const filesAt = async (path: string): Promise<readonly string[]> => {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new EvaluationCasesInvalid([fault(path, 'is not there')])
  if (!found.isDirectory()) return [path]
  const names = await readdir(path, { recursive: true })
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

const readOne = async (
  file: string,
): Promise<{ readonly found: ReadCase } | { readonly issues: readonly ConfigurationIssue[] }> => {
  const yaml = parseYaml(file, await readFile(file, 'utf8'), 0)
  if (yaml.kind === 'broken') return { issues: yaml.issues }
  const parsed = evaluationCase.safeParse(yaml.content)
  if (!parsed.success) {
    return {
      issues: parsed.error.issues.map(({ path, message, ...issue }) => {
        const at = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
        return { file, line: yaml.line(at), path: pathText(at), message }
      }),
    }
  }
  const { alert, user_prompt = null } = parsed.data
  if (alert === undefined) return { found: { ...parsed.data, input: user_prompt } }
  const input = await readFile(join(dirname(file), alert), 'utf8').catch(() => null)
  if (input !== null) return { found: { ...parsed.data, input } }
  return { issues: [{ file, line: yaml.line(['alert']), path: 'alert', message: `${alert} cannot be read` }] }
}
