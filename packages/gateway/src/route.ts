import type { Router } from '@firstword/llm';

/** A model name that clients may ask for, and what answers it. */
export interface Route {
  /** The model name that clients send, such as `gpt-4o-mini`; `*` answers every name that no other route has. */
  name: string;
  /** Answers the requests for that name. The gateway closes it when the route is replaced, or at its own end. */
  router: Router;
  /**
   * Whether text is held back until the first clause, so that an answer that stalls can be replaced before anything was heard;
   * default false: every piece is passed on at once. The header `x-firstword-hold` decides for one request.
   */
  holdUntilClause?: boolean;
}
