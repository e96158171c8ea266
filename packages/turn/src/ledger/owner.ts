/** Who can make a segment shorter; `unaccounted` if the marks do not say. */
export type Owner =
  | { kind: 'setting'; name: string }
  | { kind: 'provider'; name: string }
  | { kind: 'network' }
  | { kind: 'app' }
  | { kind: 'unaccounted' };

/** The kind of an owner, without its name. */
export type OwnerKind = Owner['kind'];

/** What the ledger needs in addition to the marks to name owners. Everything is optional. */
export interface LedgerContext {
  sttProvider?: string | undefined;
  llmProvider?: string | undefined;
  ttsProvider?: string | undefined;
  /** State of the connection to the LLM: new, with a resumed TLS session, or reused. */
  connection?: 'cold' | 'resumed' | 'reused' | undefined;
  /** The option that set the end-of-turn wait, such as `endpointing.minDelay`. */
  endpointingSetting?: string | undefined;
  /** The option of a realtime model's turn detection that set its wait, such as `turnDetection.silence_duration_ms`. */
  turnDetectionSetting?: string | undefined;
}

/** An owner as text: `setting endpointing.minDelay`, `provider groq`, `network`. */
export function ownerText(owner: Owner): string {
  return 'name' in owner ? `${owner.kind} ${owner.name}` : owner.kind;
}
