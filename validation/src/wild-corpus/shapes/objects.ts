import { inspect } from 'node:util';
import type { Random } from '@firstword/turn/statistics';
import { printedDelays, type WildCall, type WildRequest, type WildTurn } from '../call.js';
import type { Carried } from '../cause.js';
import { hexDigits, letters } from '../draw.js';
import { pythonText } from '../provider-errors.js';
import { type PrintedLine, seconds } from '../record.js';
import type { WildShape } from '../shape.js';

const OBJECTS: readonly Carried[] = ['end of turn', 'user logic', 'ttft', 'tokens', 'ttfb', 'TTS connection'];

type Metrics = Record<string, unknown> & { type: string };

/** Python prints a class name before a nested model; this value is printed as it is. */
class Verbatim {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

interface TimedMetrics {
  atMs: number;
  metrics: Metrics;
}

type Stage = 'llm' | 'stt' | 'tts';

const metadataOf = (call: WildCall, stage: Stage) =>
  call.version === '1.2.0'
    ? {}
    : { metadata: { model_name: call.stack[stage].model, model_provider: call.stack[stage].provider } };

const llmMetrics = (call: WildCall, request: WildRequest, random: Random): Metrics => ({
  type: 'llm_metrics',
  label: call.stack.llm.label,
  request_id: `chatcmpl-${letters(random, 20)}`,
  timestamp: 0,
  duration: seconds(request.durationMs),
  ttft: request.ttftMs < 0 ? -1 : seconds(request.ttftMs),
  cancelled: request.isCancelled,
  completion_tokens: request.completionTokens,
  prompt_tokens: request.promptTokens,
  prompt_cached_tokens: request.cachedTokens,
  total_tokens: request.promptTokens + request.completionTokens,
  tokens_per_second: (1000 * request.completionTokens) / request.durationMs,
  speech_id: '',
  ...metadataOf(call, 'llm'),
});

function eouMetrics(call: WildCall, turn: WildTurn): Metrics {
  const printed = printedDelays(turn);
  return {
    type: 'eou_metrics',
    timestamp: 0,
    end_of_utterance_delay: seconds(printed.endOfTurnMs),
    transcription_delay: seconds(printed.transcriptionMs),
    on_user_turn_completed_delay: seconds(turn.userLogicMs),
    speech_id: '',
    ...metadataOf(call, 'stt'),
  };
}

const ttsMetrics = (call: WildCall, turn: WildTurn, random: Random): Metrics => ({
  type: 'tts_metrics',
  label: call.stack.tts.label,
  request_id: hexDigits(random, 12),
  timestamp: 0,
  ttfb: seconds(turn.ttfbMs),
  duration: seconds(turn.ttfbMs + 700),
  audio_duration: turn.answer.length * 0.062,
  cancelled: false,
  characters_count: turn.answer.length,
  streamed: true,
  ...(call.version === '1.7.0'
    ? { acquire_time: seconds(turn.ttsConnectMs), connection_reused: turn.ttsConnectMs === 0 }
    : {}),
  segment_id: `SG_${hexDigits(random, 12)}`,
  speech_id: '',
  ...metadataOf(call, 'tts'),
});

/** The metrics of one turn, as `metrics_collected` gives them. */
function pythonMetrics(call: WildCall, turn: WildTurn, random: Random): TimedMetrics[] {
  const speech = `speech_${hexDigits(random, 12)}`;
  const timed = (afterMs: number, metrics: Metrics): TimedMetrics => {
    const atMs = turn.endedAtMs + afterMs;
    return { atMs, metrics: { ...metrics, timestamp: atMs / 1000, speech_id: speech } };
  };
  return [
    timed(turn.endOfTurnMs + turn.userLogicMs, eouMetrics(call, turn)),
    ...turn.requests.map((one) => timed(one.afterMs + one.durationMs, llmMetrics(call, one, random))),
    timed(turn.e2eMs + 900, ttsMetrics(call, turn, random)),
  ];
}

const camel = (key: string) => key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** Node's metrics have camel case names and milliseconds. */
function nodeMetrics(call: WildCall, turn: WildTurn, random: Random): TimedMetrics[] {
  const DURATIONS = [
    'duration',
    'ttft',
    'ttfb',
    'audio_duration',
    'end_of_utterance_delay',
    'transcription_delay',
    'on_user_turn_completed_delay',
  ];
  return pythonMetrics({ ...call, version: '1.4.0' }, turn, random).map(({ atMs, metrics }) => {
    const node: Metrics = { type: metrics.type };
    for (const [key, value] of Object.entries(metrics)) {
      if (key === 'type' || (key === 'metadata' && metrics.type === 'eou_metrics')) continue;
      if (DURATIONS.includes(key))
        node[`${camel(key)}Ms`] = (value as number) < 0 ? value : (value as number) * 1000;
      else if (key === 'timestamp') node.timestamp = Math.round((value as number) * 1000);
      else if (key === 'metadata') {
        const { model_name, model_provider } = value as { model_name: string; model_provider: string };
        node.metadata = { modelProvider: model_provider, modelName: model_name };
      } else node[camel(key)] = value;
    }
    if (node.type === 'eou_metrics') node.lastSpeakingTimeMs = turn.endedAtMs;
    return { atMs, metrics: node };
  });
}

/** A value as Python's `repr` prints it. */
function repr(value: unknown): string {
  if (value instanceof Verbatim) return value.text;
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, one]) => `'${key}': ${repr(one)}`)
      .join(', ')}}`;
  return String(value);
}

const CLASSES: Readonly<Record<string, string>> = {
  llm_metrics: 'LLMMetrics',
  tts_metrics: 'TTSMetrics',
  eou_metrics: 'EOUMetrics',
};

/** `repr` of the nested model. */
function withModel(metrics: Metrics): Metrics {
  const { metadata } = metrics as { metadata?: Record<string, string> };
  if (!metadata) return metrics;
  const fields = Object.entries(metadata).map(([key, value]) => `${key}=${repr(value)}`);
  return { ...metrics, metadata: new Verbatim(`Metadata(${fields.join(', ')})`) };
}

/** `print(metrics)`: pydantic's fields, separated by blanks. */
const pydanticText = (metrics: Metrics): string =>
  Object.entries(withModel(metrics))
    .map(([key, value]) => `${key}=${repr(value)}`)
    .join(' ');

/** `print(repr(metrics))`, or a model in an f-string with `!r`. */
const pydanticRepr = (metrics: Metrics): string =>
  `${CLASSES[metrics.type]}(${Object.entries(withModel(metrics))
    .map(([key, value]) => `${key}=${repr(value)}`)
    .join(', ')})`;

function objectShape(id: string, sdk: 'python' | 'node', text: (metrics: Metrics) => string): WildShape {
  const of = sdk === 'python' ? pythonMetrics : nodeMetrics;
  return {
    id,
    sdk,
    carries: sdk === 'python' ? OBJECTS : OBJECTS.filter((one) => one !== 'TTS connection'),
    isLines: true,
    print: (calls, random) =>
      calls
        .flatMap((call) => call.turns.flatMap((turn) => of(call, turn, random)))
        .sort((a, b) => a.atMs - b.atMs)
        .flatMap(({ atMs, metrics }): PrintedLine[] =>
          text(metrics)
            .split('\n')
            .map((line) => ({ atMs, text: line })),
        ),
  };
}

/** Metrics objects as apps print them. */
export const OBJECT_SHAPES: readonly WildShape[] = [
  objectShape('python-print', 'python', pydanticText),
  objectShape('python-repr', 'python', pydanticRepr),
  objectShape('python-dict', 'python', (metrics) => repr(metrics)),
  objectShape('python-dict-prefixed', 'python', (metrics) => `metrics collected: ${repr(metrics)}`),
  objectShape('python-metrics-json', 'python', (metrics) => JSON.stringify(metrics)),
  objectShape('node-inspect', 'node', (metrics) => inspect(metrics, { breakLength: 80 })),
  objectShape('node-event-json', 'node', (metrics) =>
    JSON.stringify({ type: 'metrics_collected', metrics, createdAt: metrics.timestamp }),
  ),
  objectShape('node-inspect-event', 'node', (metrics) =>
    inspect({ type: 'metrics_collected', metrics }, { breakLength: 80, depth: 4 }),
  ),
];
