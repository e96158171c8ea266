import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds. Close together where people notice a difference (0.2 to 1.2), and up to where a caller hangs up. */
const GAP_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10];
/** Seconds. Parts of a gap: from a hand-off of a millisecond to an LLM that stalls. */
const PART_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2, 5];

/** Seconds. Close together where a stop is felt as one: 150 ms is wanted at the median, 250 ms at p95. */
const STOP_BUCKETS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.8, 1.2, 2, 5];

const LLM = ['provider', 'model', 'emulated'] as const;

type Registries = { registers: Registry[] };

const counter = <T extends string>(
  name: string,
  help: string,
  options: Registries & { labelNames?: readonly T[] },
) =>
  new Counter({
    name: `firstword_${name}`,
    help,
    labelNames: [...(options.labelNames ?? [])],
    registers: options.registers,
  });

const histogram = <T extends string>(
  name: string,
  help: string,
  options: Registries & { labelNames: readonly T[]; buckets: number[] },
) =>
  new Histogram({
    name: `firstword_${name}`,
    help,
    labelNames: [...options.labelNames],
    buckets: options.buckets,
    registers: options.registers,
  });

/** The silences of a call besides the felt gap. */
const defineSilences = (registers: Registry[]) => ({
  hello: histogram(
    'hello_seconds',
    "From the caller's arrival to the agent's first audible sample; greeting is cached, said or generated.",
    { labelNames: ['greeting', 'transport'], buckets: GAP_BUCKETS, registers },
  ),
  helloSegment: histogram(
    'hello_segment_seconds',
    'Parts of the time to hello on its critical path; those of a call add up to it.',
    { labelNames: ['segment', 'owner'], buckets: PART_BUCKETS, registers },
  ),
  toolSilence: histogram(
    'tool_silence_seconds',
    'Longest time without a sound in a turn with tools, until the answer after them.',
    { labelNames: LLM, buckets: GAP_BUCKETS, registers },
  ),
  bargeInStop: histogram(
    'barge_in_stop_seconds',
    "From the first sample of a caller who breaks in to the agent's last audible one.",
    { labelNames: [], buckets: STOP_BUCKETS, registers },
  ),
  falseStop: histogram(
    'false_stop_seconds',
    'From a stop at a sound that was no interruption until speech went on.',
    { labelNames: [], buckets: GAP_BUCKETS, registers },
  ),
  afterBargeIn: histogram(
    'after_barge_in_gap_seconds',
    'Felt gap of turns that began while the agent was speaking. They are in the felt gap too.',
    { labelNames: LLM, buckets: GAP_BUCKETS, registers },
  ),
});

const defineHistograms = (registers: Registry[]) => ({
  feltGap: histogram(
    'felt_gap_seconds',
    "From the caller's last speech sample to the first audible sample of the answer.",
    { labelNames: [...LLM, 'transport'], buckets: GAP_BUCKETS, registers },
  ),
  segment: histogram(
    'segment_seconds',
    'Parts of the felt gap on its critical path; those of a turn add up to its gap.',
    { labelNames: ['segment', 'owner'], buckets: PART_BUCKETS, registers },
  ),
  ...defineSilences(registers),
  ttft: histogram('llm_ttft_seconds', 'From the LLM request to its first text or tool call.', {
    labelNames: LLM,
    buckets: PART_BUCKETS,
    registers,
  }),
  ttfb: histogram('tts_ttfb_seconds', 'From the TTS request to its first byte.', {
    labelNames: ['provider'],
    buckets: PART_BUCKETS,
    registers,
  }),
  transcription: histogram(
    'transcription_delay_seconds',
    "From the caller's last speech sample to the final transcript.",
    { labelNames: ['provider'], buckets: PART_BUCKETS, registers },
  ),
  realtimeAudio: histogram(
    'realtime_first_audio_seconds',
    "From a realtime model's report of the end of the turn to its first audio.",
    { labelNames: [...LLM], buckets: PART_BUCKETS, registers },
  ),
  endOfTurn: histogram(
    'end_of_turn_delay_seconds',
    "From the caller's last speech sample to the end of the turn.",
    { labelNames: [], buckets: PART_BUCKETS, registers },
  ),
});

const defineTurnCounters = (registers: Registry[]) => ({
  calls: counter('calls_total', 'Calls with at least one turn.', { registers }),
  turns: counter('turns_total', 'Turns by how they ended; apology, failed and cut_short are failures.', {
    labelNames: [...LLM, 'outcome'],
    registers,
  }),
  failures: counter('turn_failures_total', 'Turns that failed, by the part that failed and why.', {
    labelNames: ['provider', 'model', 'part', 'code'],
    registers,
  }),
  interruptions: counter('answers_interrupted_total', 'Answers that the caller interrupted.', { registers }),
  bargeIns: counter('barge_ins_total', "Callers' turns that began while the agent was speaking.", {
    registers,
  }),
  stops: counter(
    'stops_total',
    'Stops of the agent at a sound of the caller; false ones were no interruption.',
    {
      labelNames: ['false'],
      registers,
    },
  ),
  repairs: counter('cut_offs_repaired_total', 'Turns that join what was said before and after a cut-off.', {
    registers,
  }),
  responses: counter(
    'realtime_responses_total',
    'Responses of realtime models; silent ones brought no audible sample.',
    {
      labelNames: ['provider', 'model', 'result'],
      registers,
    },
  ),
  rescues: counter(
    'rescues_total',
    'Turns in which the answer of a realtime model was replaced, as it was not heard.',
    {
      labelNames: ['heard'],
      registers,
    },
  ),
  toolCalls: counter('tool_calls_total', 'Tool calls.', { registers }),
  bridges: counter('bridges_total', 'Late answers that were preceded by a filler phrase.', { registers }),
  unreadable: counter('unreadable_records_total', 'Lines that are no turn record.', { registers }),
});

const defineLlmCounters = (registers: Registry[]) => ({
  attempts: counter('llm_attempts_total', 'LLM requests, by why they were sent and how they ended.', {
    labelNames: ['provider', 'model', 'reason', 'outcome'],
    registers,
  }),
  connections: counter('llm_connections_total', 'Connections of winning LLM requests, by state.', {
    labelNames: ['provider', 'state'],
    registers,
  }),
  prefixBreaks: counter('llm_prefix_breaks_total', 'Prompts that broke the cached prefix.', {
    labelNames: ['provider'],
    registers,
  }),
  tokens: counter('llm_tokens_total', 'Tokens; cached are among prompt, reasoning among completion.', {
    labelNames: ['provider', 'model', 'type'],
    registers,
  }),
  speculations: counter('speculations_total', 'Answers that were started before the end of the turn.', {
    labelNames: ['result'],
    registers,
  }),
  wastedTokens: counter('speculation_wasted_tokens_total', 'Tokens of cancelled speculations.', {
    registers,
  }),
});

/** Creates and registers every metric. Units are seconds and tokens, as Prometheus recommends. */
export function defineMetrics(registry: Registry) {
  const registers = [registry];
  return {
    ...defineHistograms(registers),
    ...defineTurnCounters(registers),
    ...defineLlmCounters(registers),
    lastTurn: new Gauge({
      name: 'firstword_last_turn_timestamp_seconds',
      help: 'When the caller of the newest turn stopped speaking, Unix time.',
      registers,
    }),
  };
}

/** All metrics of `defineMetrics`, by their short names. */
export type Metrics = ReturnType<typeof defineMetrics>;
