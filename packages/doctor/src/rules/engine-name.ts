/** An STT or TTS as the data names it, or `otherwise` where it does not. */
export function engineName(
  engine: { provider: string; model: string } | undefined,
  otherwise: string,
): string {
  const known = [engine?.provider, engine?.model].filter((name) => name !== undefined && name !== 'unknown');
  return known.length === 0 ? otherwise : known.join(' ');
}
