export interface DemoOptions {
  turns: number;
  profile?: string;
  seed: number;
  out: string;
  json?: boolean;
  lowLatency?: boolean;
  filler?: boolean;
  transcripts?: boolean;
}
