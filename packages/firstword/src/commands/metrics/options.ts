export interface MetricsOptions {
  dir: string;
  port: number;
  host: string;
}
