// How smoothly a page moves: the frames it drew over some seconds, and those it should have drawn besides.
import type { Page } from 'playwright-core'
import { z } from 'zod'

const counted = z.object({ frames: z.number(), dropped: z.number(), longest: z.number() })
export type Frames = z.infer<typeof counted>

/** Calls `step`, a function in the page's words, at every frame with the element and the frame's number. */
export const framesWhile = async (page: Page, selector: string, step: string, ms = 3_000): Promise<Frames> =>
  counted.parse(
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

export const framesTold = ({ frames, dropped, longest }: Frames): string =>
  `${dropped} of ${frames + dropped} frames dropped, the longest took ${longest} ms`
