/** The three turns that every sample of a format holds, ms. */
export const SAMPLE_TURNS = [
  { atMs: Date.UTC(2026, 4, 6, 9, 30, 0), endOfTurnMs: 640, transcriptionMs: 310, ttftMs: 480, ttfbMs: 190 },
  { atMs: Date.UTC(2026, 4, 6, 9, 30, 12), endOfTurnMs: 700, transcriptionMs: 330, ttftMs: 510, ttfbMs: 205 },
  { atMs: Date.UTC(2026, 4, 6, 9, 30, 25), endOfTurnMs: 610, transcriptionMs: 290, ttftMs: 455, ttfbMs: 180 },
] as const;

/** A time, RFC 3339 with microseconds, as Python writes it. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+00:00');

/** Metrics of the turns in the order of a log: the end of the turn, the LLM, the TTS. */
export const SAMPLE_METRICS = SAMPLE_TURNS.flatMap((turn, at) => [
  {
    atMs: turn.atMs,
    kind: 'EOU' as const,
    speech: `speech_${at}`,
    python: {
      end_of_utterance_delay: turn.endOfTurnMs / 1000,
      transcription_delay: turn.transcriptionMs / 1000,
    },
    node: { endOfUtteranceDelayMs: turn.endOfTurnMs, transcriptionDelayMs: turn.transcriptionMs },
  },
  {
    atMs: turn.atMs + 1_000,
    kind: 'LLM' as const,
    speech: `speech_${at}`,
    python: { ttft: turn.ttftMs / 1000, prompt_tokens: 812, completion_tokens: 31 },
    node: { ttftMs: turn.ttftMs, inputTokens: 812, outputTokens: 31 },
  },
  {
    atMs: turn.atMs + 2_000,
    kind: 'TTS' as const,
    speech: `speech_${at}`,
    python: { ttfb: turn.ttfbMs / 1000, audio_duration: 2.4 },
    node: { ttfbMs: turn.ttfbMs, audioDurationMs: 2400 },
  },
]);
