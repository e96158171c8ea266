/** What the sample agent is run with. */
export interface SampleAgentOptions {
  profile?: string | undefined;
  livekitDefaults: boolean;
  /** Folder of the turn records. */
  out: string;
  transcripts: boolean;
  /** Write what the agent heard and said beside its records. */
  tape: boolean;
  seed: number;
  /** Where the emulated LLM is, if that is what answers: one for all calls, as a provider is. */
  emulatorUrl?: string | undefined;
}

/** LiveKit starts a process a call, which inherits nothing else. */
const VARIABLE = 'FIRSTWORD_SAMPLE_AGENT';

export function tellSampleAgent(options: SampleAgentOptions): void {
  process.env[VARIABLE] = JSON.stringify(options);
}

export function sampleAgentOptions(): SampleAgentOptions {
  const told = process.env[VARIABLE];
  if (told) return JSON.parse(told) as SampleAgentOptions;
  return { livekitDefaults: false, out: 'firstword-out/agent', transcripts: false, tape: false, seed: 1 };
}
