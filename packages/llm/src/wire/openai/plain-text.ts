/** Fields that say nothing about the answer, or that are read again when they are not null. */
const OF_CHUNK = new Set([
  'id',
  'object',
  'created',
  'model',
  'system_fingerprint',
  'obfuscation',
  'choices',
]);
const OF_CHOICE = new Set(['index', 'logprobs', 'delta']);
const OF_DELTA = new Set(['role', 'content']);

type Json = Record<string, unknown>;

/** Whether every other field is absent or null. */
function hasOnly(value: Json, names: Set<string>): boolean {
  for (const name in value) if (value[name] !== null && !names.has(name)) return false;
  return true;
}

/**
 * The text of a usual chunk, which has one choice and no more than a piece of text in it; `undefined` for any other chunk.
 * Checking the whole schema takes most of the time of reading a stream, and nearly every chunk is a usual one.
 */
export function plainText(chunk: Json): string | undefined {
  const { choices } = chunk;
  if (!Array.isArray(choices) || choices.length !== 1 || !hasOnly(chunk, OF_CHUNK)) return undefined;
  const choice = choices[0] as Json | null;
  if (typeof choice !== 'object' || choice === null || !hasOnly(choice, OF_CHOICE)) return undefined;
  const delta = choice.delta as Json | null;
  if (typeof delta !== 'object' || delta === null || !hasOnly(delta, OF_DELTA)) return undefined;
  return typeof delta.content === 'string' ? delta.content : undefined;
}
