import { llm, type metrics, type voice } from '@livekit/agents';
import { activityParts } from '../internals/session-activity.js';
import type { LlmRequest } from '../llm/llm.js';
import { firstwordLlmOf } from '../llm/prepared-llm.js';
import { isTracedTTS, type TTSTrace } from '../tts/tts-trace.js';
import type { TurnWork } from './observed-turn.js';

type LlmMetrics = Extract<metrics.AgentMetrics, { type: 'llm_metrics' }>;
type TtsMetrics = Extract<metrics.AgentMetrics, { type: 'tts_metrics' }>;
type FromWall = (wallMs: number) => number;

/** An LLM request of another LLM plugin, from LiveKit's metrics. −1 in a metric means "never". */
export function fromLlmMetrics(metric: LlmMetrics, fromWall: FromWall): LlmRequest {
  const requestedMs = fromWall(metric.timestamp - metric.durationMs);
  return {
    id: metric.requestId,
    ...(metric.speechId === undefined ? {} : { speechId: metric.speechId }),
    trace: {
      provider: metric.metadata?.modelProvider ?? metric.label,
      model: metric.metadata?.modelName ?? 'unknown',
      emulated: false,
      requests: 1,
      outcome: metric.cancelled ? 'cancelled' : 'finished',
      marks: {
        llmRequested: requestedMs,
        ...(metric.ttftMs >= 0 ? { firstContent: requestedMs + metric.ttftMs } : {}),
      },
      usage: {
        promptTokens: metric.promptTokens,
        completionTokens: metric.completionTokens,
        cachedTokens: metric.promptCachedTokens,
      },
    },
  };
}

/** The timing of an answer of another TTS plugin, from LiveKit's metrics. */
export function fromTtsMetrics(metric: TtsMetrics, fromWall: FromWall): TTSTrace {
  const requestedMs = fromWall(metric.timestamp - metric.durationMs);
  return {
    // A plugin sends its first clause as soon as it has one.
    firstClauseMs: requestedMs,
    requestedMs,
    ...(metric.ttfbMs >= 0 ? { firstByteMs: requestedMs + metric.ttfbMs } : {}),
  };
}

/** Where metrics go. */
interface MetricsPlace {
  /** The work to which metrics that arrive now belong. */
  work: TurnWork;
  /** The requests that Firstword's LLM has reported. */
  known: readonly LlmRequest[];
  session: voice.AgentSession;
  /** Wall time as a time of the clock, ms. */
  fromWall(wallMs: number): number;
}

/** Adds LiveKit's metrics of an LLM or a TTS to a turn's work; of a Firstword LLM, only the speech that a request was for. */
export function noteMetrics(
  collected: metrics.AgentMetrics,
  { work, known, session, fromWall }: MetricsPlace,
): void {
  const { llm: model, tts } = activityParts(session);
  if (collected.type === 'llm_metrics') {
    const request = known.find((r) => r.id === collected.requestId);
    if (request && collected.speechId !== undefined) request.speechId = collected.speechId;
    // GPT-Live's LLM metrics describe its backend, and have no times.
    else if (!firstwordLlmOf(model) && !(model instanceof llm.RealtimeModel))
      work.requests.push(fromLlmMetrics(collected, fromWall));
  } else if (collected.type === 'tts_metrics' && !isTracedTTS(tts)) {
    work.ttsTraces.push(fromTtsMetrics(collected, fromWall));
  }
}
