// A map of which every version stays as it was: a change copies one path of a tree (a hash trie), however much the map holds.

export interface PersistentMap<K extends string, V> {
  readonly size: number
  readonly root: Node<K, V> | undefined
}

/** A branch has a child for each value of the next five bits of the hash; a leaf has the entries of one hash. */
type Node<K, V> = Leaf<K, V> | Branch<K, V>
type Branch<K, V> = readonly (Node<K, V> | undefined)[]

interface Leaf<K, V> {
  readonly hash: number
  readonly entries: readonly Entry<K, V>[]
}

interface Entry<K, V> {
  readonly key: K
  readonly value: V
  /** How many keys came before it. */
  readonly place: number
}

export const emptyMap: PersistentMap<never, never> = { size: 0, root: undefined }

export const valueAt = <K extends string, V>(map: PersistentMap<K, V>, key: K): V | undefined =>
  entryAt(map, key)?.value

/** With one value more, or in the place of the one that the key has. */
export const withValue = <K extends string, V>(map: PersistentMap<K, V>, key: K, value: V): PersistentMap<K, V> => {
  const place = entryAt(map, key)?.place ?? map.size
  return { size: Math.max(map.size, place + 1), root: withEntry(map.root, hashOf(key), { key, value, place }, 0) }
}

/** In the order in which the keys came. */
export const valuesOf = <V>(map: PersistentMap<string, V>): readonly V[] => entriesOf(map).map(({ value }) => value)

export const mapValues = <K extends string, V>(
  map: PersistentMap<K, V>,
  change: (value: V) => V,
): PersistentMap<K, V> =>
  entriesOf(map).reduce((changed, { key, value }) => withValue(changed, key, change(value)), map)

/** What it is in JSON. */
export const recordOf = <V>(map: PersistentMap<string, V>): Readonly<Record<string, V>> =>
  Object.fromEntries(entriesOf(map).map(({ key, value }) => [key, value]))

const entryAt = <K extends string, V>({ root }: PersistentMap<K, V>, key: K): Entry<K, V> | undefined => {
  const hash = hashOf(key)
  let node = root
  for (let shift = 0; node !== undefined && isBranch(node); shift += bits) node = node[childOf(hash, shift)]
  return node?.hash === hash ? node.entries.find((entry) => entry.key === key) : undefined
}

const withEntry = <K, V>(node: Node<K, V> | undefined, hash: number, entry: Entry<K, V>, shift: number): Node<K, V> => {
  if (node === undefined) return { hash, entries: [entry] }
  if (isBranch(node)) {
    const child = childOf(hash, shift)
    return node.with(child, withEntry(node[child], hash, entry, shift + bits))
  }
  if (node.hash === hash) return { hash, entries: [...node.entries.filter(({ key }) => key !== entry.key), entry] }
  const child = childOf(node.hash, shift)
  const branch = Array.from({ length: width }, (_, index) => (index === child ? node : undefined))
  return withEntry(branch, hash, entry, shift)
}

const entriesOf = <K extends string, V>({ root }: PersistentMap<K, V>): readonly Entry<K, V>[] => {
  const all: Entry<K, V>[] = []
  const add = (node: Node<K, V> | undefined): void => {
    if (node === undefined) return
    if (isBranch(node)) for (const child of node) add(child)
    else all.push(...node.entries)
  }
  add(root)
  return all.sort((a, b) => a.place - b.place)
}

const bits = 5
const width = 2 ** bits

const isBranch = <K, V>(node: Node<K, V>): node is Branch<K, V> => Array.isArray(node)

const childOf = (hash: number, shift: number): number => (hash >>> shift) & (width - 1)

const hashOf = (key: string): number => {
  let hash = 0
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0
  return hash
}
