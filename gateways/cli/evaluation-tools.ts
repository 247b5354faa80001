// The command line's port to evaluation cases in files.
import type { ReadCase } from '../../schemas/evaluation-case.ts'

export interface EvaluationTools {
  /** A file, or every .yaml file of a folder. @throws when one of them cannot be meant. */
  read(path: string): Promise<readonly ReadCase[]>
}
