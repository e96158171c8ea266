/** gpt-oss thinks at `medium` unless told otherwise: a caller would hear that as silence. */
export function reasoningDefaults(model: string): Record<string, unknown> {
  return /gpt-oss/i.test(model) ? { reasoning_effort: 'low' } : {};
}
