/** One caller line and the agent's answer. Scripted, so that all arms have the same history. */
export interface Exchange {
  caller: string;
  agent: string;
}

/** The prompt material of one language. */
export interface Language {
  /** BCP 47. */
  code: string;
  /** Characters per token of o200k_base for these prompts; verified by a test. */
  charactersPerToken: number;
  /** The start of the system prompt: the agent's role and the request for short answers. */
  role: string;
  /** The n-th business rule, each one different. The system prompt is filled up with them. */
  rule(n: number): string;
  /** The turns of a call. */
  call: readonly Exchange[];
}
