/** What the load client asks: an HTTP endpoint, or the router in its own process. */
export type LoadTarget =
  | {
      kind: 'http';
      name: string;
      /** The whole URL of the endpoint for chat completions. */
      url: string;
      headers: Record<string, string>;
      /** The request body without its messages. */
      body: Record<string, unknown>;
    }
  | {
      kind: 'router';
      name: string;
      /** Base URL of the provider of both models. */
      baseUrl: string;
      primary: string;
      backup: string;
      holdUntilClause: boolean;
    };

/** One block of requests to one target. */
export interface LoadBlock {
  /** Index of the target. */
  target: number;
  /** Requests that are sent at the same time. */
  streams: number;
  /** Requests of each stream that count; one more before them does not. */
  perStream: number;
  /** No request is started after this time, ms from the start of the block. */
  limitMs: number;
  /** Number of the block's first question: no two requests of a run ask the same. */
  firstQuestion: number;
}

/** The result of one block. */
export interface LoadResult {
  /** Times to first content, ms. */
  timesMs: number[];
  /** Whole duration of the block, with the requests that do not count, ms. */
  elapsedMs: number;
  /** All requests that were answered, with those that do not count. */
  answered: number;
  /** Requests that failed, or ended without content. */
  failed: number;
  /** The first few different failures. */
  failures: string[];
}

/** A request to the process of the load client. */
export type LoadRequest = { kind: 'targets'; targets: LoadTarget[] } | { kind: 'block'; block: LoadBlock };

/** Its answer. */
export type LoadAnswer =
  | { kind: 'ready' }
  | { kind: 'result'; result: LoadResult }
  | { kind: 'error'; message: string };
