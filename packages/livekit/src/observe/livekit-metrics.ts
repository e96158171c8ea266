import type { metrics } from '@livekit/agents';
import type { LlmRequest } from '../llm/llm.js';
import type { TTSTrace } from '../tts/tts-trace.js';

type LlmMetrics = Extract<metrics.AgentMetrics, { type: 'llm_metrics' }>;
type TtsMetrics = Extract<metrics.AgentMetrics, { type: 'tts_metrics' }>;
type FromWall = (wallMs: number) => number;

/** What LiveKit's metrics tell of a request made by somebody else's LLM plugin. −1 there means "never". */
export function fromLlmMetrics(told: LlmMetrics, fromWall: FromWall): LlmRequest {
  const requestedMs = fromWall(told.timestamp - told.durationMs);
  return {
    id: told.requestId,
    ...(told.speechId === undefined ? {} : { speechId: told.speechId }),
    trace: {
      provider: told.metadata?.modelProvider ?? told.label,
      model: told.metadata?.modelName ?? 'unknown',
      emulated: false,
      requests: 1,
      outcome: told.cancelled ? 'cancelled' : 'finished',
      marks: {
        llmRequested: requestedMs,
        ...(told.ttftMs >= 0 ? { firstContent: requestedMs + told.ttftMs } : {}),
      },
      usage: {
        promptTokens: told.promptTokens,
        completionTokens: told.completionTokens,
        cachedTokens: told.promptCachedTokens,
      },
    },
  };
}

/** What LiveKit's metrics tell of an answer spoken by somebody else's TTS plugin. */
export function fromTtsMetrics(told: TtsMetrics, fromWall: FromWall): TTSTrace {
  const requestedMs = fromWall(told.timestamp - told.durationMs);
  return {
    // The plugin sends its first clause as soon as it has one.
    firstClauseMs: requestedMs,
    requestedMs,
    ...(told.ttfbMs >= 0 ? { firstByteMs: requestedMs + told.ttfbMs } : {}),
  };
}
