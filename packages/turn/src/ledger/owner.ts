/** Who can make a segment shorter. */
export type Owner =
  | { kind: 'setting'; name: string }
  | { kind: 'provider'; name: string }
  | { kind: 'network' }
  | { kind: 'app' }
  | { kind: 'unaccounted' };

export type OwnerKind = Owner['kind'];

/** What the ledger needs to know beyond the marks to name owners. Everything is optional. */
export interface LedgerContext {
  sttProvider?: string | undefined;
  llmProvider?: string | undefined;
  ttsProvider?: string | undefined;
  /** State of the connection the answer came over. */
  connection?: 'cold' | 'resumed' | 'reused' | undefined;
  /** The option that set the end-of-turn wait, such as `endpointing.minDelay`. */
  endpointingSetting?: string | undefined;
}

/** One line for people: `setting endpointing.minDelay`, `provider groq`, `network`. */
export function ownerText(owner: Owner): string {
  return 'name' in owner ? `${owner.kind} ${owner.name}` : owner.kind;
}
