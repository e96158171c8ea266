/** One line that a framework or the app logs, before a formatter writes it. */
export interface LogRecord {
  /** Wall clock, ms since 1970. */
  atMs: number;
  level: 'debug' | 'info' | 'warning' | 'error';
  logger: string;
  message: string;
  extra: Readonly<Record<string, unknown>>;
  /** A Python traceback, which formatters print below the line or as `exc_info`. */
  traceback?: string;
}

/** A printed line and when it was printed. */
export interface PrintedLine {
  atMs: number;
  text: string;
}

/** Rounded to two decimals, as LiveKit rounds seconds. */
export const round2 = (value: number): number => Math.round(value * 100) / 100;

/** ms to seconds with all digits that Python prints. */
export const seconds = (ms: number): number => ms / 1000;

/** `2026-03-04T09:12:33.123456+00:00`, as Python's `isoformat` prints. */
export function pythonIso(atMs: number): string {
  const micros = Math.floor((atMs % 1) * 1000)
    .toString()
    .padStart(3, '0');
  return new Date(atMs).toISOString().replace('Z', `${micros}+00:00`);
}

/** `2026-03-04T09:12:33.123Z`. */
export const iso = (atMs: number): string => new Date(atMs).toISOString();
