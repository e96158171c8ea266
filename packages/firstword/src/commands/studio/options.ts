export interface StudioOptions {
  port: number;
  host: string;
  open?: boolean;
  profile?: string;
  seed: number;
  out: string;
  lowLatency?: boolean;
  transcripts?: boolean;
  keepDays?: number;
}
