// A screenshot in 256 colours: a third of its bytes, and no difference to the eye where a page has few colours.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

/** @throws when it is not what Chromium writes: eight bits a channel, RGB or RGBA, not interlaced. */
export const palettePng = (png: Buffer): Buffer => {
  const { width, height, channels, data } = readPng(png)
  const pixels = unfiltered(data, width * channels, height, channels)
  const { palette, indexOf } = quantized(pixels, channels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf((y * width + x) * channels)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const readPng = (png: Buffer) => {
  const parts: Buffer[] = []
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const channels = png[25] === 6 ? 4 : 3
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6) || png[28] !== 0)
    throw new Error('not a screenshot of Chromium')
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    channels,
    data: inflateSync(Buffer.concat(parts)),
  }
}

/** The five filters of PNG, undone. */
const unfiltered = (data: Buffer, stride: number, height: number, channels: number): Buffer => {
  const pixels = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : (pixels[y * stride + x - channels] ?? 0)
      const up = y === 0 ? 0 : (pixels[(y - 1) * stride + x] ?? 0)
      const corner = x < channels || y === 0 ? 0 : (pixels[(y - 1) * stride + x - channels] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      pixels[y * stride + x] = (data[y * (stride + 1) + 1 + x] ?? 0) + guess
    }
  }
  return pixels
}

const paeth = (left: number, up: number, corner: number): number => {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

type Colour = readonly [number, number, number]

const none = { colour: [0, 0, 0] as Colour, count: 0, away: 0 }
const colourOf = (key: number): Colour => [key >> 16, (key >> 8) & 255, key & 255]
const distance = ([red, green, blue]: Colour, [r, g, b]: Colour): number =>
  (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2

/** The 128 commonest colours and 128 that are far from those for how common they are: a small green dot stays green. */
const quantized = (pixels: Buffer, channels: number) => {
  const counts = new Map<number, number>()
  const keyAt = (at: number): number => pixels.readUIntBE(at, 3)
  for (let at = 0; at < pixels.length; at += channels) counts.set(keyAt(at), (counts.get(keyAt(at)) ?? 0) + 1)
  const common = [...counts].sort(([, a], [, b]) => b - a)
  const palette = common.slice(0, 128).map(([key]) => colourOf(key))
  const others = common.slice(128).map(([key, count]) => {
    const colour = colourOf(key)
    return { colour, count, away: Math.min(...palette.map((each) => distance(each, colour))) }
  })
  while (palette.length < 256) {
    const most = others.reduce((best, each) => (each.away * each.count > best.away * best.count ? each : best), none)
    if (most === none) break
    palette.push(most.colour)
    for (const each of others) each.away = Math.min(each.away, distance(most.colour, each.colour))
  }
  const nearest = new Map<number, number>()
  const indexOf = (at: number): number => {
    const key = keyAt(at)
    const known = nearest.get(key)
    if (known !== undefined) return known
    const colour = colourOf(key)
    const index = palette.reduce(
      (best, each, at) => (distance(each, colour) < distance(palette[best] ?? each, colour) ? at : best),
      0,
    )
    nearest.set(key, index)
    return index
  }
  return { palette, indexOf }
}

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(data.length + 12)
  whole.writeUInt32BE(data.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), data.length + 8)
  return whole
}
