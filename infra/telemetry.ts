// Traces by OpenTelemetry when the standard variables ask for them; otherwise nothing is loaded.

export interface Telemetry {
  /** Sends what is left. Never throws: a collector that is away must not keep the process. */
  shutdown(): Promise<void>
}

/** Variables as OpenTelemetry defines them: `OTEL_TRACES_EXPORTER`, or an OTLP endpoint. Without them a `traceparent` is still handed on. */
export const startTelemetry = async (variables: Readonly<Record<string, string | undefined>>): Promise<Telemetry> => {
  if (!wantsTraces(variables)) return { shutdown: () => Promise.resolve() }
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const sdk = new NodeSDK({
    serviceName: variables['OTEL_SERVICE_NAME'] || 'casebook',
    // Absent, these would send metrics and logs to a collector nobody may run; /metrics and stderr have them.
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  return { shutdown: () => sdk.shutdown().catch(() => undefined) }
}

const wantsTraces = (variables: Readonly<Record<string, string | undefined>>): boolean => {
  // By the specification an empty variable is one that is not set.
  const exporter = variables['OTEL_TRACES_EXPORTER'] ?? ''
  if (variables['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || exporter === 'none') return false
  const endpoints = [variables['OTEL_EXPORTER_OTLP_ENDPOINT'], variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']]
  return exporter !== '' || endpoints.some((endpoint) => endpoint !== undefined && endpoint !== '')
}
