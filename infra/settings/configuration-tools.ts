// Everything the command line does with configuration files.
import { type ImportRequest, importTarsy } from './import/import-tarsy.ts'
import { createInspection, type InspectOptions } from './inspect-configuration.ts'

export const createConfigurationTools = (options: InspectOptions) => ({
  ...createInspection(options),
  importTarsy: (request: ImportRequest) => importTarsy(request, options),
})
