import { type CallRecord, isFailed, type MarkName, outcomeOf, type TurnRecord } from '@firstword/turn';
import { Registry } from 'prom-client';
import { BoundedLabel, UNKNOWN } from './bounded-label.js';
import { defineMetrics, type Metrics } from './definitions.js';

/** More than the ledger has: records of a later version may have other segments. */
const MAX_SEGMENTS = 60;

/** More than there are error codes. */
const MAX_CODES = 40;

/**
 * Turn records as Prometheus metrics. Labels name providers, models and segments, a bounded number of each, never a
 * call, a word or a key.
 */
export class TurnMetrics {
  readonly registry = new Registry();
  readonly #metrics: Metrics = defineMetrics(this.registry);
  readonly #providers = new BoundedLabel();
  readonly #models = new BoundedLabel();
  readonly #segments = new BoundedLabel(MAX_SEGMENTS);
  readonly #codes = new BoundedLabel(MAX_CODES);
  #newestMs = 0;

  constructor() {
    // Zeros from the start: a rate over a counter that appears with its first increment misses that increment.
    for (const result of ['started', 'kept', 'cancelled']) this.#metrics.speculations.inc({ result }, 0);
  }

  /** Counts a turn's final record. */
  observe(record: TurnRecord): void {
    const metrics = this.#metrics;
    if (record.turn === 1) metrics.calls.inc();
    this.#observeGap(record);
    this.#observeParts(record);
    this.#observeRealtime(record);
    this.#observeSilences(record);
    if (record.llm) this.#observeLlm(record.llm);
    if (record.interrupted) metrics.interruptions.inc();
    if (record.bargeIn) metrics.bargeIns.inc();
    if (record.bridge) metrics.bridges.inc();
    if (record.repaired?.part === 'whole') metrics.repairs.inc();
    metrics.toolCalls.inc(record.toolCalls);
    const { speculation } = record;
    if (speculation) {
      for (const result of ['started', 'kept', 'cancelled'] as const) {
        metrics.speculations.inc({ result }, speculation[result]);
      }
      metrics.wastedTokens.inc(speculation.wastedTokens ?? 0);
    }
    this.#newestMs = Math.max(this.#newestMs, Date.parse(record.at));
    metrics.lastTurn.set(this.#newestMs / 1000);
  }

  /** Counts the time to hello of a call. */
  observeCall({ helloMs, greeting, transport, segments }: CallRecord): void {
    if (helloMs === undefined) return;
    const labels = { greeting: greeting ?? UNKNOWN, transport: transport ?? UNKNOWN };
    this.#metrics.hello.observe(labels, helloMs / 1000);
    for (const { name, owner, durationMs } of segments) {
      const segment = this.#segments.of(name);
      this.#metrics.helloSegment.observe({ segment, owner: owner.kind }, durationMs / 1000);
    }
  }

  #observeSilences({ llm, toolSilence, interruptions = [] }: TurnRecord): void {
    if (toolSilence) this.#metrics.toolSilence.observe(this.#llmLabels(llm), toolSilence.longestMs / 1000);
    for (const { callerFromMs, stoppedMs, isFalse = false, resumedMs } of interruptions) {
      if (stoppedMs === undefined || stoppedMs < callerFromMs) continue;
      this.#metrics.stops.inc({ false: String(isFalse) });
      if (!isFalse) this.#metrics.bargeInStop.observe((stoppedMs - callerFromMs) / 1000);
      else if (resumedMs !== undefined) this.#metrics.falseStop.observe((resumedMs - stoppedMs) / 1000);
    }
  }

  /** Counts a line that is not a turn record. */
  unreadable(): void {
    this.#metrics.unreadable.inc();
  }

  #llmLabels(llm: TurnRecord['llm']) {
    return {
      provider: this.#providers.of(llm?.provider),
      model: this.#models.of(llm?.model),
      emulated: llm ? String(llm.emulated) : UNKNOWN,
    };
  }

  #observeGap(record: TurnRecord): void {
    const { llm, feltGapMs, transport, segments, failure } = record;
    const labels = this.#llmLabels(llm);
    const reported = outcomeOf(record);
    const outcome = reported ?? (feltGapMs === undefined ? 'unanswered' : 'answered');
    this.#metrics.turns.inc({ ...labels, outcome });
    if (isFailed(reported)) {
      const { provider, model } = labels;
      const code = this.#codes.of(failure?.code);
      this.#metrics.failures.inc({ provider, model, part: failure?.part ?? UNKNOWN, code });
      return;
    }
    if (feltGapMs === undefined) return;
    this.#metrics.feltGap.observe({ ...labels, transport: transport ?? UNKNOWN }, feltGapMs / 1000);
    if (record.bargeIn) this.#metrics.afterBargeIn.observe(labels, feltGapMs / 1000);
    for (const { name, owner, durationMs } of segments) {
      this.#metrics.segment.observe(
        { segment: this.#segments.of(name), owner: owner.kind },
        durationMs / 1000,
      );
    }
  }

  #observeParts(record: TurnRecord): void {
    const { llm, tts, stt } = record;
    const between = (from: MarkName, to: MarkName) => secondsBetween(record, from, to);
    const isWhole = !isFailed(outcomeOf(record));
    const ttft = between('llmRequested', 'firstContent');
    if (ttft !== undefined && llm && isWhole) this.#metrics.ttft.observe(this.#llmLabels(llm), ttft);
    const ttfb = between('ttsRequested', 'ttsFirstByte');
    if (ttfb !== undefined && isWhole) {
      this.#metrics.ttfb.observe({ provider: this.#providers.of(tts?.provider) }, ttfb);
    }
    const transcription = between('speechEnded', 'finalTranscript');
    if (transcription !== undefined) {
      this.#metrics.transcription.observe({ provider: this.#providers.of(stt?.provider) }, transcription);
    }
    const endOfTurn = between('speechEnded', 'turnCommitted') ?? between('speechEnded', 'turnEndReported');
    if (endOfTurn !== undefined) this.#metrics.endOfTurn.observe(endOfTurn);
    const audio = between('turnEndReported', 'responseAudio');
    if (audio !== undefined && llm && isWhole)
      this.#metrics.realtimeAudio.observe(this.#llmLabels(llm), audio);
  }

  #observeRealtime({ llm, realtime, rescue }: TurnRecord): void {
    if (rescue) this.#metrics.rescues.inc({ heard: String(rescue.isHeard) });
    if (!realtime) return;
    const { provider, model } = this.#llmLabels(llm);
    const { responses, silentResponses } = realtime;
    const labels = { provider, model };
    this.#metrics.responses.inc({ ...labels, result: 'silent' }, silentResponses);
    this.#metrics.responses.inc({ ...labels, result: 'other' }, responses - silentResponses);
  }

  #observeLlm(llm: NonNullable<TurnRecord['llm']>): void {
    const { provider, model } = this.#llmLabels(llm);
    for (const [name, count] of Object.entries(llm.tokens ?? {})) {
      this.#metrics.tokens.inc({ provider, model, type: name.replace('Tokens', '') }, count);
    }
    for (const { reason, outcome, ...attempt } of llm.attempts ?? []) {
      const labels = {
        provider: this.#providers.of(attempt.provider),
        model: this.#models.of(attempt.model),
      };
      this.#metrics.attempts.inc({ ...labels, reason, outcome });
    }
    if (llm.connection) this.#metrics.connections.inc({ provider, state: llm.connection.state });
    if (llm.prefixBreak) this.#metrics.prefixBreaks.inc({ provider });
  }
}

/** `undefined` where either mark is missing, or the clock went backwards between them. */
function secondsBetween({ marks }: TurnRecord, from: MarkName, to: MarkName): number | undefined {
  const [fromMs, toMs] = [marks[from], marks[to]];
  return fromMs === undefined || toMs === undefined || toMs < fromMs ? undefined : (toMs - fromMs) / 1000;
}
