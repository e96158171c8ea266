/**
 * Gemini 3 attaches a thought signature to a tool call and rejects the conversation if the signature is missing from
 * a later request. The layers in between (LiveKit's history, a gateway's client) keep only the call's id, so
 * signatures are stored here by id, for the whole process.
 */
const signatures = new Map<string, string>();
const MAX_SIGNATURES = 1_000;
/** Of all signatures together, characters. Real ones have some thousand; a broken server must not fill the memory. */
const MAX_LENGTH = 16 * 1024 * 1024;
let length = 0;

/** Stores the signature of a call; beyond 1,000 signatures or 16 million characters, the oldest are dropped. */
export function storeSignature(callId: string, signature: string): void {
  drop(callId);
  signatures.set(callId, signature);
  length += signature.length;
  while (signatures.size > MAX_SIGNATURES || length > MAX_LENGTH) drop(signatures.keys().next().value!);
}

function drop(callId: string): void {
  length -= signatures.get(callId)?.length ?? 0;
  signatures.delete(callId);
}

/** Google's placeholder for a call that was not made by Gemini 3: by a backup model, or before a restart. */
const SKIP_VALIDATION = 'skip_thought_signature_validator';

/**
 * The signature of a call, or its placeholder. Of parallel calls, only the first is signed.
 * @returns `undefined` if none is needed
 */
export function signatureOf(
  callId: string,
  context: { model: string; isFirst: boolean },
): string | undefined {
  const own = signatures.get(callId);
  if (own !== undefined) return own;
  return context.isFirst && /gemini-3/.test(context.model) ? SKIP_VALIDATION : undefined;
}
