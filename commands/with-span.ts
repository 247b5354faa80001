// OpenTelemetry spans around commands, messages and calls; free of cost while no exporter is configured.
import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('casebook')

export interface SpanOptions {
  readonly attributes?: Attributes
  readonly kind?: keyof typeof SpanKind
  /** W3C traceparent to continue; absent continues the active span. */
  readonly traceparent?: string | undefined
}

/** Runs `work` inside a span; a throw is recorded on it and thrown on. */
export const withSpan = <T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> => {
  const parent =
    options.traceparent === undefined
      ? context.active()
      : propagation.extract(context.active(), { traceparent: options.traceparent })
  const kind = SpanKind[options.kind ?? 'INTERNAL']
  return tracer.startActiveSpan(name, { kind, attributes: options.attributes ?? {} }, parent, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

/** The W3C traceparent of the active span, or undefined when nothing is traced. */
export const activeTraceparent = (): string | undefined => {
  const span = trace.getActiveSpan()
  if (span === undefined) return undefined
  const { traceId, spanId, traceFlags } = span.spanContext()
  return trace.isSpanContextValid(span.spanContext())
    ? `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
    : undefined
}

/** The `traceparent` field of what is caused now: the active span's, else the one handed on. */
export const withActiveTrace = (inherited?: string): { readonly traceparent?: string } => {
  const traceparent = activeTraceparent() ?? inherited
  return traceparent === undefined ? {} : { traceparent }
}
