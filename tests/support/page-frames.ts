// How smoothly a page moves: the frames it drew over some seconds, those it should have drawn besides, and what each took of a processor.
import type { Page } from 'playwright-core'
import { z } from 'zod'

const counted = z.object({ frames: z.number(), dropped: z.number(), longest: z.number() })
export type Frames = z.infer<typeof counted> & {
  /** Of the page's own thread: what others do on the machine makes frames late, and this no longer. */
  readonly cpuMs: number
}

const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) })

/** @returns asks how many milliseconds the page's own thread has worked since its address was opened. */
export const pageClock = async (page: Page): Promise<() => Promise<number>> => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const told = metrics.parse(await devtools.send('Performance.getMetrics'))
    return 1_000 * (told.metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
}

/** Calls `step`, a function in the page's words, at every frame with the element and the frame's number. */
export const framesWhile = async (page: Page, selector: string, step: string, ms = 3_000): Promise<Frames> => {
  const worked = await pageClock(page)
  const before = await worked()
  const seen = counted.parse(
    await page.evaluate(
      `new Promise((resolve) => {
        const element = document.querySelector(${JSON.stringify(selector)})
        const started = performance.now()
        let last = started, frames = 0, dropped = 0, longest = 0
        const step = ${step}
        const frame = (now) => {
          const took = now - last
          last = now
          frames++
          dropped += Math.max(0, Math.round(took / (1000 / 60)) - 1)
          longest = Math.max(longest, took)
          step(element, frames)
          if (now - started < ${ms}) requestAnimationFrame(frame)
          else resolve({ frames, dropped, longest: Math.round(longest) })
        }
        requestAnimationFrame(frame)
      })`,
    ),
  )
  return { ...seen, cpuMs: (await worked()) - before }
}

export const framesTold = ({ frames, dropped, longest, cpuMs }: Frames): string => {
  const due = frames + dropped
  return `${dropped} of ${due} frames dropped, the longest took ${longest} ms; ${(cpuMs / due).toFixed(1)} ms of a processor for each`
}
