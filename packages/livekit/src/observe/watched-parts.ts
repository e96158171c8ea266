import type { Clock } from '@firstword/turn';
import { llm, type metrics, type voice } from '@livekit/agents';
import { type ActivityParts, activityParts } from '../internals/session-activity.js';
import type { LlmRequest } from '../llm/llm.js';
import { firstwordLlmOf, PreparedLLM, type PreparedRequest } from '../llm/prepared-llm.js';
import type { RealtimeTurn, RealtimeTurnEnd } from '../realtime/realtime-turn.js';
import { type RealtimeHandlers, RealtimeWatch } from '../realtime/watch-realtime.js';
import type { PlayoutEvents } from '../transport/playout.js';
import { tracedOutput } from '../transport/traced.js';
import { isTracedTTS, type TTSTrace } from '../tts/tts-trace.js';

/** What is reported of the parts in use. */
export interface PartHandlers
  extends PlayoutEvents,
    Required<Pick<RealtimeHandlers, 'onTurnEnded' | 'onResponse' | 'onFirstReport'>> {
  onRequest(request: LlmRequest): void;
  onPrepared(request: PreparedRequest): void;
  onTtsTrace(trace: TTSTrace): void;
  /** Of an LLM that is neither Firstword's nor the session's. */
  onLlmMetrics(metrics: metrics.LLMMetrics): void;
}

/** Watches the LLM, the TTS and the output that a session uses now. */
export class WatchedParts {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #handlers: PartHandlers;
  #watched: Pick<ActivityParts, 'llm' | 'tts'> & { output?: ReturnType<typeof tracedOutput> } = {};
  #realtime: RealtimeWatch | undefined;
  /** Work that GPT-Live has handed over before it began to speak: the turn begins with its first words. */
  delegated: RealtimeTurn['delegated'];
  readonly #others = new Map<llm.LLM, () => void>();
  #stopLlm = () => {};
  #stopTts = () => {};
  #stopOutput = () => {};

  constructor(session: voice.AgentSession, clock: Clock, handlers: PartHandlers) {
    this.#session = session;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** Agents may bring their own parts, and a room's audio is set while the session starts. */
  refresh(): void {
    const { llm: model, tts } = activityParts(this.#session);
    const output = tracedOutput(this.#session.output.audio);
    const was = this.#watched;
    this.#watched = { llm: model, tts, output };
    if (model !== was.llm) this.#watchLlm(model);
    if (tts !== was.tts) {
      this.#stopTts();
      this.#stopTts = isTracedTTS(tts) ? tts.watch((v) => this.#handlers.onTtsTrace(v)) : () => {};
    }
    if (output !== was.output) {
      this.#stopOutput();
      this.#stopOutput = output ? output.watch(this.#handlers) : () => {};
    }
  }

  /** A turn of the realtime model in use; `undefined` for a cascade. */
  newRealtimeTurn(end: RealtimeTurnEnd | 'unreported' | undefined): RealtimeTurn | undefined {
    const watch = this.#realtime;
    if (!watch) return undefined;
    const { delegated } = this;
    this.delegated = undefined;
    return {
      ...(delegated ? { delegated } : {}),
      // Some plugins know only after the first answer whether the provider is emulated.
      get model() {
        return watch.modelName;
      },
      settings: end ? watch.settings : {},
      responses: [],
      ...(end === 'unreported' ? { isEndUnreported: true } : {}),
      ...(typeof end === 'object' ? { end } : {}),
    };
  }

  /** Watches an LLM that answers in the place of the session's own. */
  watchAlso(model: llm.LLM): void {
    if (this.#others.has(model)) return;
    this.#others.set(model, this.#watchRequests(model) ?? this.#watchMetrics(model));
  }

  close(): void {
    for (const stop of [this.#stopLlm, this.#stopTts, this.#stopOutput, ...this.#others.values()]) stop();
  }

  /** `undefined` for an LLM that is not Firstword's. */
  #watchRequests(model: ActivityParts['llm']): (() => void) | undefined {
    return firstwordLlmOf(model)?.watch((r) => this.#handlers.onRequest(r));
  }

  #watchMetrics(model: llm.LLM): () => void {
    const onMetrics = (collected: metrics.LLMMetrics) => this.#handlers.onLlmMetrics(collected);
    model.on('metrics_collected', onMetrics);
    return () => model.off('metrics_collected', onMetrics);
  }

  #watchLlm(model: ActivityParts['llm']): void {
    this.#stopLlm();
    const stops: (() => void)[] = [];
    this.#realtime = undefined;
    if (model instanceof llm.RealtimeModel) {
      const watch = new RealtimeWatch({
        model,
        clock: this.#clock,
        handlers: {
          onTurnEnded: (end) => this.#handlers.onTurnEnded(end),
          onResponse: (response) => this.#handlers.onResponse(response),
          onFirstReport: (response) => this.#handlers.onFirstReport(response),
        },
      });
      this.#realtime = watch;
      stops.push(() => watch.close());
    }
    const stopRequests = this.#watchRequests(model);
    if (stopRequests) stops.push(stopRequests);
    if (model instanceof PreparedLLM) stops.push(model.watch((p) => this.#handlers.onPrepared(p)));
    this.#stopLlm = () => {
      for (const stop of stops) stop();
    };
  }
}
