/** A model name that clients send, and the upstream models that answer it. */
export interface BenchRoute {
  name: string;
  /** The model name that the emulator gets. */
  primary: string;
  backup: string;
  /** Hold text until the first clause is complete, for a voice. Only our gateway can. */
  holdUntilClause?: boolean;
}

/** What every gateway is started with. */
export interface GatewayStart {
  /** Base URL of the primaries, ending in `/v1`. */
  primaryUrl: string;
  /** Base URL of the backups. */
  backupUrl: string;
  routes: readonly BenchRoute[];
  /**
   * Longest time without a first sign of an answer, ms, for peers that have a setting for it. Ours keeps its defaults. Absent:
   * the default of each.
   */
  timeoutMs?: number;
  /** Folder for configuration files; removed after the bench. */
  folder: string;
  signal: AbortSignal;
}

/** A running gateway. */
export interface RunningGateway {
  /** Base URL for clients, ending in `/v1`. */
  baseUrl: string;
  pid: number;
  /** Headers that a client sends for this route, beside `content-type`. */
  headersFor(route: BenchRoute): Record<string, string>;
  /** Body fields that a client sends for this route, `model` among them. */
  bodyFor(route: BenchRoute): Record<string, unknown>;
  /** The last output of the process. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Has it read a changed config while it runs; absent where it cannot. */
  reload?(): Promise<void>;
  close(): Promise<void>;
}

/** A gateway that can be started, ours or another's. */
export interface GatewayArm {
  /** Its name in options and tables. */
  name: string;
  version: string;
  /**
   * Starts it in a process of its own; a peer is installed into the cache folder first.
   * @throws ServerUnavailable if this machine cannot have it
   */
  start(options: GatewayStart): Promise<RunningGateway>;
}
