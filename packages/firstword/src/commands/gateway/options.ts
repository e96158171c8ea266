/** Options of `firstword gateway`, as commander parses them. */
export interface GatewayCommandOptions {
  /** Models as `provider:model` or `provider:model@URL`, of a gateway without a config file. */
  models: string[];
  /** The config file. */
  config?: string;
  /** 0 picks a free one. */
  port?: number;
  host?: string;
  /** Hold text until the first clause. */
  voice?: boolean;
  /** Say what would be done, and end. */
  check?: boolean;
  /** What is written to stderr while it runs. */
  log: LogLevel;
  /** Let V8 compile the code that answers before `/readyz` says ready. */
  warmUp: boolean;
  /** Print JSON. */
  json?: boolean;
}

/** What a running gateway writes: nothing, a line for each kind of problem, or also one for each request. */
export const LOG_LEVELS = ['off', 'problems', 'requests'] as const;
/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];
