// Traces by OpenTelemetry when the standard variables ask for them; otherwise nothing is loaded.
import { propagation } from '@opentelemetry/api'

export interface Telemetry {
  shutdown(): Promise<void>
}

export const startTelemetry = async (variables: Readonly<Record<string, string | undefined>>): Promise<Telemetry> => {
  const exporter = variables['OTEL_TRACES_EXPORTER']
  const wanted =
    variables['OTEL_SDK_DISABLED'] !== 'true' &&
    exporter !== 'none' &&
    (exporter !== undefined ||
      variables['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined ||
      variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] !== undefined)
  if (!wanted) return { shutdown: () => Promise.resolve() }
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const sdk = new NodeSDK({ serviceName: variables['OTEL_SERVICE_NAME'] ?? 'casebook' })
  sdk.start()
  // A carrier of ours holds one traceparent; the SDK's default propagator reads and writes it.
  propagation.fields()
  return { shutdown: () => sdk.shutdown() }
}
