import { iso, type LogRecord, type PrintedLine, pythonIso } from './record.js';

/** Prints one record as its framework's logger would; several lines where it has a traceback. */
export type Formatter = (record: LogRecord) => string;

const NODE_LEVELS = { debug: 20, info: 30, warning: 40, error: 50 } as const;
const COLOURS = { debug: 36, info: 32, warning: 33, error: 31 } as const;
const ansi = (...codes: number[]) => `\u001b[${codes.join(';')}m`;

/** Python prints `, ` and `: ` between the parts of JSON. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${pythonJson(one)}`);
  return `{${parts.join(', ')}}`;
}

/** The production formatter of LiveKit Agents for Python. */
export const pythonProduction: Formatter = ({ atMs, level, logger, message, extra, traceback }) =>
  pythonJson({
    message,
    level: level.toUpperCase(),
    name: logger,
    ...(traceback === undefined ? {} : { exc_info: traceback }),
    ...extra,
    timestamp: pythonIso(atMs),
  });

/** The development formatter: coloured, the extra fields as JSON at the end. */
export function pythonDevelopment(isColoured: boolean, isCompact: boolean): Formatter {
  return ({ atMs, level, logger, message, extra, traceback }) => {
    const [day, time] = iso(atMs).replace('Z', '').split('T');
    const clock = isCompact ? time!.slice(0, 8) : `${day} ${time!.replace('.', ',')}`;
    const colour = (code: number, text: string) => (isColoured ? `${ansi(code)}${text}` : text);
    const reset = isColoured ? ansi(0) : '';
    const dash = isCompact ? ' ' : ' - ';
    const name = level.toUpperCase().padEnd(4);
    const fields = Object.keys(extra).length > 0 ? pythonJson(extra) : '';
    const head = `${clock}${dash}${colour(COLOURS[level], name)}${reset} ${logger}${dash}${message} ${colour(90, fields)}${reset}`;
    return traceback === undefined ? head : `${head}\n${traceback}`;
  };
}

/** `logging.basicConfig` with a usual format: the extra fields, and with them the figures, are not printed. */
export const pythonPlain: Formatter = ({ atMs, level, logger, message, traceback }) => {
  const head = `${iso(atMs).replace('T', ' ').replace('Z', '').replace('.', ',')} ${level.toUpperCase()} ${logger}: ${message}`;
  return traceback === undefined ? head : `${head}\n${traceback}`;
};

/** structlog's JSON renderer with the standard library's records. */
export const structlog: Formatter = ({ atMs, level, logger, message, extra, traceback }) =>
  JSON.stringify({
    ...extra,
    event: message,
    logger,
    level,
    timestamp: iso(atMs),
    ...(traceback ? { exception: traceback } : {}),
  });

/** python-json-logger with the extra fields in an object of their own. */
export const nestedExtra: Formatter = ({ atMs, level, logger, message, extra, traceback }) =>
  JSON.stringify({
    ts: atMs / 1000,
    severity: level.toUpperCase(),
    logger,
    msg: message,
    extra,
    ...(traceback ? { exc: traceback } : {}),
  });

/** pino, as LiveKit Agents for Node logs in production. */
export const pino: Formatter = ({ atMs, level, message, extra }) =>
  JSON.stringify({
    level: NODE_LEVELS[level],
    time: Math.round(atMs),
    pid: 23,
    hostname: 'agent-7d9c5b8f6-x2x9q',
    ...extra,
    msg: message,
  });

/** One field of pino-pretty: JSON, with the lines of a stack below their key. */
function prettyField(key: string, value: unknown): string {
  const json = JSON.stringify(value, null, 2).replaceAll('\n', '\n    ');
  const withStack = json.replace(/"stack": (".*"),?/, (_all, text: string) => {
    const lines = (JSON.parse(text) as string).split('\n').map((line) => `\n          ${line.trimStart()}`);
    return `"stack":${lines.join('\n    ').replaceAll('\n    \n', '\n    ')}`;
  });
  return `    ${key}: ${withStack}`;
}

const PINO_COLOURS = { debug: 34, info: 32, warning: 33, error: 31 } as const;

/** pino-pretty, as LiveKit Agents for Node logs in development. */
export function pinoPretty(isColoured: boolean): Formatter {
  return ({ atMs, level, message, extra }) => {
    const name = level === 'warning' ? 'WARN' : level.toUpperCase();
    const colour = (code: number, text: string) => (isColoured ? `${ansi(code)}${text}${ansi(39)}` : text);
    const head = `[${iso(atMs).slice(11, 23)}] ${colour(PINO_COLOURS[level], name)} (23): ${colour(36, message)}`;
    return [head, ...Object.entries(extra).map(([key, value]) => prettyField(key, value))].join('\n');
  };
}

/** The lines of records in one format. */
export function formatted(records: readonly LogRecord[], format: Formatter): PrintedLine[] {
  return records.flatMap((record) =>
    format(record)
      .split('\n')
      .map((text) => ({ atMs: record.atMs, text })),
  );
}
