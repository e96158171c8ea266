/** Why a request fails, independent of how each provider names the error. */
export type RequestErrorKind =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'model_not_found'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** Thrown for a request that must get an error response. */
export class RequestError extends Error {
  readonly status: number;
  readonly kind: RequestErrorKind;
  /** The invalid request field, where one is known. */
  readonly param: string | undefined;

  constructor(status: number, kind: RequestErrorKind, message: string, param?: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.kind = kind;
    this.param = param;
  }
}
