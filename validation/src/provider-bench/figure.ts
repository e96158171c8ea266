/** One figure of the result, ms. */
export interface ProviderBenchFigure {
  name: string;
  value: number;
  /** Bounds of the 95 % bootstrap interval. */
  low?: number;
  high?: number;
  /** Largest acceptable value. */
  target?: number;
  n: number;
}

/** Options of a bench. */
export interface BenchTask {
  /** Requests per arm. */
  requests: number;
}
