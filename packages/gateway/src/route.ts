import type { Router } from '@firstword/llm';

/** A model name that clients may ask for, and what answers it. */
export interface Route {
  /** The model name that clients send, such as `gpt-4o-mini`. */
  name: string;
  /** Answers the requests for that name. */
  router: Router;
}
