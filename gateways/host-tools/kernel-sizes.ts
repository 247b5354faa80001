// The kernel's page size and clock tick, from what it told this process at its start: they differ between machines.
import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'

export interface KernelSizes {
  readonly pageBytes: number
  readonly ticksPerSecond: number
}

const pageSize = 6n
const clockTick = 17n
const usual: KernelSizes = { pageBytes: 4096, ticksPerSecond: 100 }

/** `/proc/self/auxv` holds pairs of 64-bit words; elsewhere the usual values hold. */
export const kernelSizes = async (): Promise<KernelSizes> => {
  const written = await readFile('/proc/self/auxv').catch(() => Buffer.alloc(0))
  if (endianness() !== 'LE' || process.arch === 'ia32' || process.arch === 'arm') return usual
  const pairs = Array.from(
    { length: Math.floor(written.length / 16) },
    (_, index) => [written.readBigUInt64LE(index * 16), Number(written.readBigUInt64LE(index * 16 + 8))] as const,
  )
  const told = new Map(pairs)
  return {
    pageBytes: told.get(pageSize) ?? usual.pageBytes,
    ticksPerSecond: told.get(clockTick) ?? usual.ticksPerSecond,
  }
}
