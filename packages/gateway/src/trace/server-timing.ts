import type { RequestTrace } from '@firstword/llm';

/** The moments of one request at the gateway, on its clock, ms. */
export interface GatewayMarks {
  /** The request's headers arrived. */
  receivedMs: number;
  /** The first byte of the answer was written, or its error. */
  answeredMs: number;
}

const part = (name: string, ms: number, description = '') =>
  `${name};dur=${Math.round(Math.max(0, ms) * 10) / 10}${description}`;

/** Text for a quoted string of a header. */
const quoted = (text: string) => `"${text.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`;

/**
 * The `Server-Timing` header: `gateway` is the time before the first request was sent on, `connect` that of a new connection,
 * `upstream` from there to the first content, `hold` from the first content to the first byte that was passed on.
 */
export function serverTiming(trace: RequestTrace, { receivedMs, answeredMs }: GatewayMarks): string {
  const { llmRequested = answeredMs, connectionReady, firstContent } = trace.marks;
  const parts = [part('gateway', llmRequested - receivedMs)];
  if (connectionReady !== undefined && trace.connection && trace.connection.state !== 'reused')
    parts.push(part('connect', connectionReady - llmRequested));
  if (firstContent !== undefined) {
    const model = `;desc=${quoted(`${trace.provider} ${trace.model}`)}`;
    parts.push(part('upstream', firstContent - llmRequested, model), part('hold', answeredMs - firstContent));
  }
  parts.push(part('total', answeredMs - receivedMs));
  return parts.join(', ');
}
