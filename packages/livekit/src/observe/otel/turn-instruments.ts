import { isFailed, outcomeOf, type TurnRecord } from '@firstword/turn';
import type { Meter } from '@opentelemetry/api';
import { known, llmAttributes } from './attributes.js';

/** Histogram boundaries, s; close together where people notice a difference. */
const BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10];

/** Records turn records as OpenTelemetry metrics on the given meter. */
export class TurnInstruments {
  readonly #feltGap;
  readonly #segment;
  readonly #ttft;
  readonly #tokens;
  readonly #turns;
  readonly #responses;
  readonly #speculations;
  readonly #wasted;

  constructor(meter: Meter) {
    const seconds = (name: string, description: string) =>
      meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: BUCKETS },
      });
    this.#feltGap = seconds('firstword.felt_gap', 'Last caller speech sample to first audible agent sample.');
    this.#segment = seconds('firstword.segment', 'Parts of the felt gap; those of a turn add up to it.');
    this.#ttft = seconds('firstword.llm.first_content', 'LLM request to its first text or tool call.');
    this.#tokens = meter.createHistogram('gen_ai.client.token.usage', {
      description: 'Number of input and output tokens used.',
      unit: '{token}',
    });
    this.#turns = meter.createCounter('firstword.turns', { description: 'Turns.', unit: '{turn}' });
    this.#responses = meter.createCounter('firstword.realtime.responses', {
      description: 'Responses of realtime models.',
      unit: '{response}',
    });
    this.#speculations = meter.createCounter('firstword.speculations', {
      description: 'Answers started before the end of the turn.',
      unit: '{speculation}',
    });
    this.#wasted = meter.createCounter('firstword.speculation.wasted_tokens', {
      description: 'Tokens of cancelled speculations.',
      unit: '{token}',
    });
  }

  /** Records a turn. Call it once a turn, with the final record. */
  observe(record: TurnRecord): void {
    const { llm, feltGapMs, segments, speculation, transport } = record;
    const about = llm ? llmAttributes(llm) : {};
    const outcome = outcomeOf(record);
    const failed = isFailed(outcome);
    this.#turns.add(1, {
      ...about,
      ...known({ 'firstword.outcome': outcome, 'error.type': failed ? record.failure?.code : undefined }),
    });
    if (feltGapMs !== undefined && !failed) {
      this.#feltGap.record(feltGapMs / 1000, known({ ...about, 'firstword.transport': transport }));
      for (const { name, owner, durationMs } of segments) {
        this.#segment.record(durationMs / 1000, {
          'firstword.segment': name,
          'firstword.owner.kind': owner.kind,
        });
      }
    }
    if (llm) this.#observeLlm(record, llm);
    if (record.realtime) {
      const { responses, silentResponses } = record.realtime;
      this.#responses.add(silentResponses, { ...about, 'firstword.result': 'silent' });
      this.#responses.add(responses - silentResponses, { ...about, 'firstword.result': 'other' });
    }
    if (!speculation) return;
    for (const result of ['started', 'kept', 'cancelled'] as const) {
      this.#speculations.add(speculation[result], { 'firstword.result': result });
    }
    this.#wasted.add(speculation.wastedTokens ?? 0);
  }

  #observeLlm(record: TurnRecord, llm: NonNullable<TurnRecord['llm']>): void {
    const about = llmAttributes(llm);
    const { llmRequested, firstContent } = record.marks;
    const isWhole = !isFailed(outcomeOf(record));
    if (isWhole && llmRequested !== undefined && firstContent !== undefined && firstContent >= llmRequested) {
      this.#ttft.record((firstContent - llmRequested) / 1000, about);
    }
    const { promptTokens, completionTokens } = llm.tokens ?? {};
    if (promptTokens !== undefined)
      this.#tokens.record(promptTokens, { ...about, 'gen_ai.token.type': 'input' });
    if (completionTokens !== undefined) {
      this.#tokens.record(completionTokens, { ...about, 'gen_ai.token.type': 'output' });
    }
  }
}
