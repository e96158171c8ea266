import type { Carried } from '../cause.js';
import {
  type Formatter,
  formatted,
  nestedExtra,
  pino,
  pinoPretty,
  pythonDevelopment,
  pythonPlain,
  pythonProduction,
  structlog,
} from '../formatters.js';
import { nodeRecords } from '../node-records.js';
import { oldPythonRecords } from '../old-python-records.js';
import { pythonRecords } from '../python-records.js';
import type { LogRecord } from '../record.js';
import type { WildShape } from '../shape.js';

const PYTHON_LOG: readonly Carried[] = ['end of turn', 'ttft', 'tokens', 'ttfb', 'notes', 'realtime'];
const NODE_LOG: readonly Carried[] = [...PYTHON_LOG, 'user logic'];

const RANKS = { debug: 0, info: 1, warning: 2, error: 3 } as const;

/** A log at one level. A log at debug also has what a tool turn shows. */
function logShape(id: string, sdk: 'python' | 'node', level: 'debug' | 'info', format: Formatter): WildShape {
  const records = sdk === 'python' ? pythonRecords : nodeRecords;
  const isShown = (one: LogRecord) => RANKS[one.level] >= RANKS[level];
  const carried = sdk === 'python' ? PYTHON_LOG : NODE_LOG;
  return {
    id,
    sdk,
    carries: level === 'debug' ? [...carried, 'tools'] : carried,
    isLines: true,
    print: (calls, random) =>
      formatted(
        calls.flatMap((call) => records(call, random).filter(isShown)).sort((a, b) => a.atMs - b.atMs),
        format,
      ),
  };
}

/** LiveKit Agents 0.12: the figures are in the message, and a call starts the LLM only at the end of the turn. */
const old = (id: string, format: Formatter): WildShape => ({
  id,
  sdk: 'python',
  carries: ['end of turn', 'ttft', 'tokens', 'ttfb'],
  isLines: true,
  print: (calls, random) =>
    formatted(
      calls.flatMap((call) => oldPythonRecords(call, random)).sort((a, b) => a.atMs - b.atMs),
      format,
    ),
});

/** Logs of LiveKit Agents. */
export const LOG_SHAPES: readonly WildShape[] = [
  logShape('python-json', 'python', 'info', pythonProduction),
  logShape('python-json-debug', 'python', 'debug', pythonProduction),
  logShape('python-dev', 'python', 'debug', pythonDevelopment(false, false)),
  logShape('python-dev-colour', 'python', 'debug', pythonDevelopment(true, false)),
  logShape('python-dev-compact', 'python', 'info', pythonDevelopment(false, true)),
  logShape('python-structlog', 'python', 'info', structlog),
  logShape('python-nested-extra', 'python', 'info', nestedExtra),
  old('python-0.12-json', pythonProduction),
  old('python-0.12-dev', pythonDevelopment(false, false)),
  logShape('node-pino', 'node', 'info', pino),
  logShape('node-pino-debug', 'node', 'debug', pino),
  logShape('node-pretty', 'node', 'info', pinoPretty(false)),
  logShape('node-pretty-colour', 'node', 'debug', pinoPretty(true)),
];

/** A format that drops the figures: nothing can be told from it. */
const plain: WildShape = { ...logShape('python-plain', 'python', 'info', pythonPlain), carries: [] };

/** The start of a worker, without a turn. */
const startUp: WildShape = {
  id: 'python-start-up',
  sdk: 'python',
  carries: [],
  isLines: true,
  print: (calls, random) => {
    const records = calls.flatMap((call) => {
      const at = (afterMs: number, message: string, extra: Record<string, unknown>): LogRecord => ({
        atMs: call.startedAtMs + afterMs,
        level: 'info',
        logger: 'livekit.agents',
        message,
        extra,
      });
      return [
        at(0, 'starting worker', { version: call.version, 'rtc-version': '1.0.19' }),
        at(30, 'plugin registered', { plugin: 'livekit.plugins.silero', version: call.version }),
        at(900, 'initializing process', { pid: random.integer(20, 90) }),
        at(11_400, 'process initialized', { pid: 41, elapsed_time: 10.47 }),
        at(11_600, 'registered worker', { id: 'AW_dK2', url: 'wss://acme.livekit.cloud', region: 'US East' }),
        ...Array.from({ length: random.integer(0, 2) }, (_all, at2) => ({
          ...at(1200 + at2, 'inference is slower than realtime', { delay: 0.31 }),
          level: 'warning' as const,
        })),
      ];
    });
    return formatted(
      records.sort((a, b) => a.atMs - b.atMs),
      pythonProduction,
    );
  },
};

/** Logs from which nothing can be told. */
export const FIGURELESS_SHAPES: readonly WildShape[] = [plain, startUp];
