/** One thing the caller says, and what the agent answered: scripted, so that each arm's history is the same. */
export interface Exchange {
  caller: string;
  agent: string;
}

/** A caller's language: everything that a prompt is made of. */
export interface Language {
  /** BCP 47. */
  code: string;
  /** Characters of these prompts for each token of o200k_base, as its test measures them. */
  charactersPerToken: number;
  /** How the system prompt begins: who the agent is, and that answers are short. */
  role: string;
  /** One line of the house book; the n-th differs from all others. The system prompt is filled with them. */
  rule(n: number): string;
  /** A call, turn by turn. */
  call: readonly Exchange[];
}
