// Names as they must be here: `KubernetesAgent` becomes `kubernetes-agent`, and no two become the same.

export interface ImportedNames {
  /** The name here; the same for the same name there. */
  readonly of: (written: string) => string
}

export const createImportedNames = (): ImportedNames => {
  const given = new Map<string, string>()
  const taken = new Set<string>()
  return {
    of: (written) => {
      const known = given.get(written)
      if (known !== undefined) return known
      const plain = dashed(written)
      let name = plain
      for (let count = 2; taken.has(name); count++) name = `${plain.slice(0, 59)}-${count}`
      given.set(written, name)
      taken.add(name)
      return name
    },
  }
}

const dashed = (written: string): string =>
  written
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63) || 'unnamed'
