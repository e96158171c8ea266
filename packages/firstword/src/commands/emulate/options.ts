export interface EmulateOptions {
  port: number;
  host: string;
  profile?: string;
  seed: number;
  fault: string[];
  faults?: string;
  limits?: string;
  rtt?: number;
  tls?: boolean;
  key?: string;
  strict?: boolean;
  list?: boolean;
  json?: boolean;
}
