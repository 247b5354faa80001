// What of the waterfall is looked at, as it stands in the address.
import type { ColourBy } from './bar-shade.ts'

export interface WaterfallSearch {
  /** The bar whose details are open. */
  readonly bar?: string
  readonly by?: Exclude<ColourBy, 'status'>
  /** Only what the end hung on is shown in full colour. */
  readonly path?: boolean
  readonly table?: boolean
}

export const readWaterfallSearch = (search: Readonly<Record<string, unknown>>): WaterfallSearch => {
  const { bar, by, path, table } = search
  return {
    ...(typeof bar === 'string' && bar !== '' && { bar }),
    ...((by === 'cost' || by === 'tokens') && { by }),
    ...(path === true && { path }),
    ...(table === true && { table }),
  }
}
