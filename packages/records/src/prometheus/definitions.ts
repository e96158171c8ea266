import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds. Close together where people notice a difference (0.2 to 1.2), and up to where a caller hangs up. */
const GAP_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10];
/** Seconds. Parts of a gap: from a hand-off of a millisecond to an LLM that stalls. */
const PART_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2, 5];

const LLM = ['provider', 'model', 'emulated'] as const;

/** Every metric there is, registered. Names are in seconds and tokens, as Prometheus wants them. */
export function defineMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter({ name: `firstword_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    buckets: number[],
  ) => new Histogram({ name: `firstword_${name}`, help, labelNames: [...labelNames], buckets, registers });
  return {
    feltGap: histogram(
      'felt_gap_seconds',
      "From the caller's last speech sample to the first audible sample of the answer.",
      [...LLM, 'transport'],
      GAP_BUCKETS,
    ),
    segment: histogram(
      'segment_seconds',
      'Parts of the felt gap on its critical path; those of a turn add up to its gap.',
      ['segment', 'owner'],
      PART_BUCKETS,
    ),
    ttft: histogram(
      'llm_ttft_seconds',
      'From the LLM request to its first text or tool call.',
      LLM,
      PART_BUCKETS,
    ),
    ttfb: histogram(
      'tts_ttfb_seconds',
      'From the request to the voice to its first byte.',
      ['provider'],
      PART_BUCKETS,
    ),
    transcription: histogram(
      'transcription_delay_seconds',
      "From the caller's last speech sample to the final transcript.",
      ['provider'],
      PART_BUCKETS,
    ),
    endOfTurn: histogram(
      'end_of_turn_delay_seconds',
      "From the caller's last speech sample to the end of the turn.",
      [],
      PART_BUCKETS,
    ),
    calls: counter('calls_total', 'Calls with at least one turn.'),
    turns: counter('turns_total', 'Turns; unanswered are those without a felt gap.', [...LLM, 'outcome']),
    interruptions: counter('answers_interrupted_total', 'Answers that the caller stopped.'),
    bargeIns: counter('barge_ins_total', "Callers' turns that began over the agent's voice."),
    toolCalls: counter('tool_calls_total', 'Tool calls.'),
    bridges: counter('bridges_total', 'Late answers before which a phrase was said.'),
    attempts: counter('llm_attempts_total', 'LLM requests, by why they were sent and how they ended.', [
      'provider',
      'model',
      'reason',
      'outcome',
    ]),
    connections: counter('llm_connections_total', 'Connections of winning LLM requests, by state.', [
      'provider',
      'state',
    ]),
    prefixBreaks: counter('llm_prefix_breaks_total', 'Prompts that broke the cached prefix.', ['provider']),
    tokens: counter('llm_tokens_total', 'Tokens; cached are among prompt, reasoning among completion.', [
      'provider',
      'model',
      'type',
    ]),
    speculations: counter('speculations_total', 'Answers begun before the end of the turn.', ['result']),
    wastedTokens: counter('speculation_wasted_tokens_total', 'Tokens of cancelled speculations.'),
    unreadable: counter('unreadable_records_total', 'Lines that are no turn record.'),
    lastTurn: new Gauge({
      name: 'firstword_last_turn_timestamp_seconds',
      help: 'When the caller of the newest turn stopped speaking, Unix time.',
      registers,
    }),
  };
}

/** All metrics of `defineMetrics`, by their short names. */
export type Metrics = ReturnType<typeof defineMetrics>;
