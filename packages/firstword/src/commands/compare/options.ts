export interface CompareOptions {
  arms: string;
  calls?: string;
  audio?: string;
  html?: string;
  rounds: number;
  profile?: string;
  setup?: string;
  warmUp: boolean;
  memory?: string;
  merge?: string[];
  resume?: string;
  seed: number;
  out?: string;
  transcripts?: boolean;
  json?: boolean;
}
