/** ElevenLabs' sample rate if a client asks for none, Hz. */
const DEFAULT_RATE_HZ = 22_050;

/** The sample rate of `output_format=pcm_22050`, Hz. */
export function sampleRateOf(query: URLSearchParams): number {
  return Number(/^pcm_(\d+)$/.exec(query.get('output_format') ?? '')?.[1] ?? DEFAULT_RATE_HZ);
}
