import type { LoggedText } from './console-logs.js';

const nanos = (ms: number): string => new Date(ms).toISOString().replace('Z', '456789Z');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const short = (ms: number): string => {
  const at = new Date(ms);
  return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2, '0')} ${at.toISOString().slice(11, 19)}`;
};

type Wrap = (line: string, atMs: number) => string | string[];

/** The parts of a line that a container runtime cuts. */
const cut = (line: string): string[] => [line.slice(0, 30), line.slice(30)];

const WRAPS: Readonly<Record<string, Wrap>> = {
  'docker compose': (line) => `agent-1  | ${line}`,
  'docker compose with times': (line, ms) => `agent-1  | ${nanos(ms)} ${line}`,
  'kubectl logs --timestamps': (line, ms) => `${nanos(ms)} ${line}`,
  'kubectl logs --prefix': (line) => `[pod/agent-7c9d8f-x2x4k/agent] ${line}`,
  stern: (line) => `agent-7c9d8f6b5-x2x4k agent ${line}`,
  CRI: (line, ms) => `${nanos(ms)} stdout F ${line}`,
  'CRI, in parts': (line, ms) =>
    cut(line).map((part, at, all) => `${nanos(ms)} stderr ${at < all.length - 1 ? 'P' : 'F'} ${part}`),
  journalctl: (line, ms) => `${short(ms)} oak agent[311]: ${line}`,
  'journalctl -o short-iso': (line, ms) =>
    `${new Date(ms).toISOString().slice(0, 19)}+0000 oak agent[311]: ${line}`,
  'journalctl -o json': (line, ms) =>
    JSON.stringify({
      _PID: '311',
      __REALTIME_TIMESTAMP: String(ms * 1000),
      _SYSTEMD_UNIT: 'agent.service',
      MESSAGE: line.includes('\u001b') ? [...Buffer.from(line)] : line,
    }),
  'docker json-file': (line, ms) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: nanos(ms) }),
  'docker json-file, in parts': (line, ms) =>
    cut(line).map((part, at, all) =>
      JSON.stringify({ log: at < all.length - 1 ? part : `${part}\n`, stream: 'stderr', time: nanos(ms) }),
    ),
  Heroku: (line, ms) => `${new Date(ms).toISOString().replace('Z', '000+00:00')} app[agent.1]: ${line}`,
  'Fly.io': (line, ms) => `${new Date(ms).toISOString()} app[3d8d7a01] fra [info] ${line}`,
  'aws logs tail': (line, ms) =>
    `${new Date(ms).toISOString().replace('Z', '000+00:00')} agent/agent/0f3c9d8e ${line}`,
  logcli: (line, ms) =>
    `${new Date(ms).toISOString().slice(0, 19)}Z {app="agent", pod="agent-0"}   ${line.trim()}`,
  'logcli, labels in common': (line, ms) =>
    `${new Date(ms).toISOString().slice(0, 19)}+00:00 {} ${line.trim()}`,
  syslog: (line, ms) => `<14>1 ${new Date(ms).toISOString()} oak agent 311 - - ${line}`,
  pm2: (line) => `0|agent    | ${line}`,
  'a quotation': (line) => `> ${line}`,
};

/** What log collectors put in front of each line of a log, by name. */
export const COLLECTORS: Readonly<Record<string, (log: readonly LoggedText[]) => string>> =
  Object.fromEntries(
    Object.entries(WRAPS).map(([name, wrap]) => [
      name,
      (log: readonly LoggedText[]) =>
        log.flatMap(({ atMs, lines }) => lines.flatMap((line) => wrap(line, atMs))).join('\n'),
    ]),
  );

const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** Entries with one text each, the newest first. */
const newestFirst = (log: readonly LoggedText[]) =>
  [...log].reverse().map(({ atMs, lines }) => ({ atMs, text: lines.join('\n') }));

/** Exports of log services, the newest entry first where the service sorts like that. */
export const LOG_SERVICES: Readonly<Record<string, (log: readonly LoggedText[]) => string>> = {
  'CloudWatch CSV': (log) =>
    ['timestamp,message', ...newestFirst(log).map(({ atMs, text }) => `${atMs},${csv(text)}`)].join('\n'),
  'CloudWatch Insights CSV': (log) =>
    [
      '@timestamp,@message,@logStream',
      ...newestFirst(log).map(
        ({ atMs, text }) =>
          `${new Date(atMs).toISOString().replace('T', ' ').slice(0, 23)},${csv(text)},agent/1`,
      ),
    ].join('\n'),
  'Datadog CSV': (log) =>
    [
      'Date,Host,Service,Message',
      ...newestFirst(log).map(
        ({ atMs, text }) => `${csv(new Date(atMs).toISOString())},oak,agent,${csv(text)}`,
      ),
    ].join('\n'),
  'CloudWatch filter-log-events': (log) =>
    JSON.stringify(
      {
        events: log.map(({ atMs, lines }) => ({
          logStreamName: 'agent/1',
          timestamp: atMs,
          message: lines.join('\n'),
          ingestionTime: atMs + 5,
          eventId: String(atMs),
        })),
      },
      undefined,
      4,
    ),
  'CloudWatch get-query-results': (log) =>
    JSON.stringify({
      results: newestFirst(log).map(({ atMs, text }) => [
        { field: '@timestamp', value: new Date(atMs).toISOString().replace('T', ' ').slice(0, 23) },
        { field: '@message', value: text },
        { field: '@ptr', value: 'x' },
      ]),
      status: 'Complete',
    }),
  'Google Cloud, text': (log) =>
    JSON.stringify(
      newestFirst(log).map(({ atMs, text }) => ({
        insertId: String(atMs),
        textPayload: text,
        timestamp: nanos(atMs),
        resource: { type: 'k8s_container' },
      })),
      undefined,
      2,
    ),
  'Datadog API': (log) =>
    JSON.stringify({
      data: newestFirst(log).map(({ atMs, text }) => ({
        id: String(atMs),
        type: 'log',
        attributes: {
          timestamp: new Date(atMs).toISOString(),
          status: 'info',
          message: text,
          service: 'agent',
        },
      })),
    }),
  'Datadog API, a line an entry': (log) =>
    JSON.stringify({
      data: log.flatMap(({ atMs, lines }) =>
        lines.map((message, at) => ({
          id: `${atMs}-${at}`,
          attributes: { timestamp: new Date(atMs).toISOString(), message },
        })),
      ),
    }),
  'Grafana Loki, logcli': (log) =>
    newestFirst(log)
      .map(({ atMs, text }) =>
        JSON.stringify({ labels: { app: 'agent' }, line: text, timestamp: nanos(atMs) }),
      )
      .join('\n'),
  'Grafana Loki API': (log) =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          {
            stream: { app: 'agent' },
            values: newestFirst(log).map(({ atMs, text }) => [`${atMs}000000`, text]),
          },
        ],
      },
    }),
  Elasticsearch: (log) =>
    JSON.stringify({
      hits: {
        total: 9,
        hits: newestFirst(log).map(({ atMs, text }) => ({
          _index: 'logs',
          _source: { '@timestamp': new Date(atMs).toISOString(), message: text },
        })),
      },
    }),
  'Elasticsearch, a line an entry': (log) =>
    JSON.stringify({
      hits: {
        hits: log.flatMap(({ atMs, lines }) =>
          lines.map((message) => ({
            _source: { '@timestamp': new Date(atMs).toISOString(), message, host: { name: 'oak' } },
          })),
        ),
      },
    }),
  'Fluent Bit': (log) =>
    log
      .flatMap(({ atMs, lines }) =>
        lines.map((line) =>
          JSON.stringify({
            date: new Date(atMs).toISOString(),
            log: `${line}\n`,
            kubernetes: { pod_name: 'agent-1' },
          }),
        ),
      )
      .join('\n'),
};

/** Google Cloud and Datadog parse a log of JSON and show its fields. */
export const PARSED_JSON: Readonly<Record<string, (log: readonly LoggedText[]) => string>> = {
  'Google Cloud, fields': (log) =>
    JSON.stringify(
      newestFirst(log).map(({ atMs, text }) => ({
        insertId: String(atMs),
        jsonPayload: JSON.parse(text),
        timestamp: nanos(atMs),
      })),
    ),
  'Datadog, attributes': (log) =>
    JSON.stringify(
      newestFirst(log).map(({ atMs, text }) => {
        const { message, msg, ...attributes } = JSON.parse(text) as Record<string, unknown>;
        return {
          id: String(atMs),
          attributes: { timestamp: new Date(atMs).toISOString(), message: message ?? msg, attributes },
        };
      }),
    ),
};
