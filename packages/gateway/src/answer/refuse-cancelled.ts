import type { RequestTrace } from '@firstword/llm';
import { GatewayError } from './failure.js';

/**
 * The router was closed during an answer. Its stream then ends without an error, and would look complete.
 * @throws GatewayError 503 for such an answer
 */
export function refuseCancelled({ outcome }: RequestTrace): void {
  if (outcome !== 'cancelled') return;
  throw new GatewayError(503, 'the gateway stopped before the answer was complete: try again', {
    code: 'aborted',
    retryable: true,
  });
}
