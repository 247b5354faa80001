// `casebook audit verify`: whether the log and its second copy are whole.
import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { oneLine, writeJson } from '../output.ts'

const report = z.looseObject({
  ok: z.boolean(),
  checked: z.int(),
  upTo: z.int(),
  problems: z.array(z.looseObject({ kind: z.string(), sequence: z.int(), subject: z.string(), detail: z.string() })),
})

export const addAuditVerify = (audit: Command, { api, write, exitWith }: Cli): void => {
  audit
    .command('verify')
    .description('walk the hash chains of the log and of a copy of it; exit code 1 when something does not fit')
    .option('--session <id>', 'only of this session')
    .addOption(new Option('--against <copy>', 'the copy to compare with').choices(['postgres', 'archive']))
    .option('--json', 'as JSON')
    .action(async (options: JsonOption & { readonly session?: string; readonly against?: string }) => {
      const { session, against } = options
      const asked = new URLSearchParams({
        ...(session !== undefined && { session }),
        ...(against !== undefined && { against }),
      })
      const query = asked.size === 0 ? '' : `?${asked}`
      const found = await api().get(`/v1/audit/verify${query}`, report)
      const { ok, checked, upTo, problems } = found
      if (!ok) exitWith(1)
      if (options.json === true) return writeJson(write, found)
      for (const { kind, sequence, subject, detail } of problems)
        write(`${sequence} ${kind} ${subject}: ${oneLine(detail)}\n`)
      write(
        ok
          ? `${checked} commits up to ${upTo} are whole.\n`
          : `${problems.length} problems in ${checked} commits. Keep both copies as they are and find out who wrote to them.\n`,
      )
    })
}
