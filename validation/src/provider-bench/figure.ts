/** A line of the result, ms. */
export interface Figure {
  name: string;
  value: number;
  /** 95 % bootstrap interval. */
  low?: number;
  high?: number;
  /** Met at or below this. */
  target?: number;
  n: number;
}

/** How a bench is asked. */
export interface Task {
  /** Of each arm. */
  requests: number;
}
