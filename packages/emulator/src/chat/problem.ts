/** What was wrong with a request, before a wire writes it in its provider's words. */
export type ProblemKind =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'model_not_found'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** A request that gets an error response. */
export class RequestProblem extends Error {
  readonly status: number;
  readonly kind: ProblemKind;
  /** The field at fault, where there is one. */
  readonly param: string | undefined;

  constructor(status: number, kind: ProblemKind, message: string, param?: string) {
    super(message);
    this.name = 'RequestProblem';
    this.status = status;
    this.kind = kind;
    this.param = param;
  }
}
