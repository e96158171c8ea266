/**
 * Gemini 3 signs a tool call with its thoughts and refuses the conversation unless the signature comes back with the
 * call. What lies between the answer and the next request (LiveKit's history, a gateway's client) keeps the call's id
 * and no more, so signatures wait here, by id, for the whole process.
 */
const signatures = new Map<string, string>();
const MAX_SIGNATURES = 1_000;

export function storeSignature(callId: string, signature: string): void {
  signatures.set(callId, signature);
  if (signatures.size > MAX_SIGNATURES) signatures.delete(signatures.keys().next().value!);
}

/** Google's own word for "this call was not made by a Gemini 3": a backup's, or one from before a restart. */
const SKIP_VALIDATION = 'skip_thought_signature_validator';

/**
 * The signature of a call, or what stands for one. Only the first of parallel calls is signed.
 * @returns `undefined` where none is called for
 */
export function signatureOf(
  callId: string,
  context: { model: string; isFirst: boolean },
): string | undefined {
  const own = signatures.get(callId);
  if (own !== undefined) return own;
  return context.isFirst && /gemini-3/.test(context.model) ? SKIP_VALIDATION : undefined;
}
