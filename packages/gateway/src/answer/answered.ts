import type { RequestTrace } from '@firstword/llm';
import type { ErrorCode } from '@firstword/turn';

/** A chat request that has ended, for metrics and spans. Without any text of it. */
export interface AnsweredRequest {
  /** Its id, as the client was told. */
  id: string;
  /** The client's API, such as `openai-chat`. */
  dialect: string;
  /** Name of the route; `undefined` if the request named none. */
  route: string | undefined;
  /** HTTP status that was sent; `undefined` if the client left before. */
  status: number | undefined;
  /** `cancelled`: the client left before the end. `failed`: before its first byte or after it. */
  outcome: 'finished' | 'cancelled' | 'failed';
  /** What failed. */
  error?: ErrorCode;
  /** Whether the client asked for a stream. */
  stream: boolean;
  /** The router's trace; `undefined` if no request was sent on. Shared answers share it. */
  trace: RequestTrace | undefined;
  /** On the gateway's clock, ms: the request's headers arrived. */
  receivedMs: number;
  /** The first byte of the answer was written; `undefined` if none was. */
  answeredMs: number | undefined;
  /** The answer ended. */
  endedMs: number;
  /** The caller's `traceparent` header, for spans. */
  traceparent: string | undefined;
}
