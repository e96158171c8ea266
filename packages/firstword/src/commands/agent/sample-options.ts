/** Options of the sample agent. */
export interface SampleAgentOptions {
  profile?: string | undefined;
  livekitDefaults: boolean;
  /** Folder of the turn records. */
  out: string;
  transcripts: boolean;
  /** Record the audio that the agent received and sent. */
  tape: boolean;
  seed: number;
  /** Base URL of the emulated LLM, which all calls share; absent for a real provider. */
  emulatorUrl?: string | undefined;
}

/** LiveKit starts one process per call. Environment variables are the only way to pass options to it. */
const VARIABLE = 'FIRSTWORD_SAMPLE_AGENT';

/** Stores the options in the environment, for the processes of the calls. */
export function setSampleAgentOptions(options: SampleAgentOptions): void {
  process.env[VARIABLE] = JSON.stringify(options);
}

/** The options from the environment, or the defaults. */
export function sampleAgentOptions(): SampleAgentOptions {
  const json = process.env[VARIABLE];
  if (json) return JSON.parse(json) as SampleAgentOptions;
  return { livekitDefaults: false, out: 'firstword-out/agent', transcripts: false, tape: false, seed: 1 };
}
