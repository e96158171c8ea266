import { inspect } from 'node:util';
import { rfc3339, SAMPLE_METRICS } from './turns.js';

/** A line of a log, or the lines of one entry, with its time. */
export interface LoggedText {
  atMs: number;
  lines: readonly string[];
}

type Metrics = (typeof SAMPLE_METRICS)[number];

const entries = (linesOf: (one: Metrics) => readonly string[]): LoggedText[] =>
  SAMPLE_METRICS.map((one) => ({ atMs: one.atMs, lines: linesOf(one) }));

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
const typeOf = ({ kind }: Metrics): string => `${kind.toLowerCase()}_metrics`;
const event = (one: Metrics) => ({
  type: typeOf(one),
  timestamp: one.atMs / 1000,
  ...one.python,
  speech_id: one.speech,
});
const pythonText = (value: unknown): string =>
  value === true
    ? 'True'
    : value === null
      ? 'None'
      : typeof value === 'string'
        ? `'${value}'`
        : String(value);
const pairs = (values: object, separator: string): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${pythonText(value)}`)
    .join(separator);

/** Logs of LiveKit agents with the metrics of the sample turns, by the program that formats them. */
export const CONSOLE_LOGS: Readonly<Record<string, readonly LoggedText[]>> = {
  'Python, production JSON': entries((one) => [
    JSON.stringify({
      message: `${one.kind} metrics`,
      level: 'INFO',
      name: 'livekit.agents',
      ...one.python,
      pid: 311,
      job_id: 'AJ_oak',
      timestamp: rfc3339(one.atMs),
    }),
  ]),
  'Python, development': entries((one) => [
    `${new Date(one.atMs).toISOString().slice(0, 19).replace('T', ' ')},000 - \u001b[32mINFO\u001b[0m livekit.agents - ${one.kind} metrics \u001b[90m${JSON.stringify(one.python)}\u001b[0m`,
  ]),
  'Node, pino': entries((one) => [
    JSON.stringify({
      level: 30,
      time: one.atMs,
      pid: 311,
      hostname: 'oak',
      ...one.node,
      msg: `${one.kind} metrics`,
    }),
  ]),
  'Node, pino-pretty': entries((one) => [
    `[${clock(one.atMs)}] \u001b[32mINFO\u001b[39m (311): \u001b[36m${one.kind} metrics\u001b[39m`,
    ...Object.entries(one.node).map(([name, value]) => `    \u001b[35m${name}\u001b[39m: ${value}`),
  ]),
  'Python, structlog': entries((one) => [
    JSON.stringify({
      event: `${one.kind} metrics`,
      level: 'info',
      timestamp: rfc3339(one.atMs),
      metrics: one.python,
    }),
  ]),
  'Python, loguru': entries((one) => [
    JSON.stringify({
      text: `${one.kind} metrics\n`,
      record: { message: `${one.kind} metrics`, level: { name: 'INFO', no: 20 }, extra: one.python },
    }),
  ]),
  'Python, fields in the message': entries((one) => [
    `INFO:voice:${one.kind} metrics: ${pairs(one.python, ' ')}`,
  ]),
  'Python 0.12': entries((one) => [
    JSON.stringify({
      message: `Pipeline ${one.kind} metrics: sequence_id=${one.speech}, ${pairs(one.python, ', ')}`,
      level: 'INFO',
      job_id: 'AJ_oak',
      timestamp: rfc3339(one.atMs),
    }),
  ]),
  'Python, print(metrics)': entries((one) => [
    `${pairs(event(one), ' ')} label='oak.${one.kind}' metadata=None`,
  ]),
  'Python, print(event)': entries((one) => [
    `type='metrics_collected' metrics=${one.kind}Metrics(${pairs({ ...one.python, timestamp: one.atMs / 1000, speech_id: one.speech }, ', ')}, metadata=Metadata(model_name='oak-1', model_provider='oak')) created_at=${one.atMs / 1000}`,
  ]),
  'Python, dictionary': entries((one) => [
    `{${Object.entries(event(one))
      .map(([name, value]) => `'${name}': ${pythonText(value)}`)
      .join(', ')}, 'cancelled': False, 'metadata': None}`,
  ]),
  'Python, pprint': entries((one) => [
    ...Object.entries(event(one)).map(
      ([name, value], at) => `${at === 0 ? '{' : ' '}'${name}': ${pythonText(value)},`,
    ),
    " 'metadata': {'model_name': 'oak-1'}}",
  ]),
  'Node, console.log': entries((one) =>
    `metrics ${inspect({ type: typeOf(one), label: 'oak.LLM', timestamp: one.atMs, ...one.node, speechId: one.speech, metadata: { modelName: 'oak-1', modelProvider: undefined } }, { breakLength: 40 })}`.split(
      '\n',
    ),
  ),
  'metrics_collected events': entries((one) => [
    JSON.stringify({ type: 'metrics_collected', metrics: event(one), created_at: one.atMs / 1000 }),
  ]),
  'bare figures': entries((one) => [JSON.stringify({ ...one.python, speech_id: one.speech })]),
  'pretty-printed JSON, one after another': entries((one) =>
    JSON.stringify(event(one), undefined, 2).split('\n'),
  ),
};
