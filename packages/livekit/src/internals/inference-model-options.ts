/**
 * The `modelOptions` that a LiveKit Inference STT or TTS was made with; empty for a plugin, whose options are not visible.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/stt.ts` and `inference/tts.ts`, classes `STT` and `TTS`, private field
 *   `opts`.
 * - If it changes: advice about vendors misses settings that cost time, and Cartesia's buffering is set even where the user
 *   chose a value. `internals.test.ts` fails.
 */
export function inferenceModelOptions(part: object): Readonly<Record<string, unknown>> {
  const opts: unknown = Reflect.get(part, 'opts');
  const options: unknown = opts && typeof opts === 'object' ? Reflect.get(opts, 'modelOptions') : undefined;
  return options && typeof options === 'object' ? (options as Record<string, unknown>) : {};
}
