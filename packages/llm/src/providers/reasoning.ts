/** gpt-oss reasons at `medium` by default, which a caller would hear as silence. */
export function reasoningDefaults(model: string): Record<string, unknown> {
  return /gpt-oss/i.test(model) ? { reasoning_effort: 'low' } : {};
}
