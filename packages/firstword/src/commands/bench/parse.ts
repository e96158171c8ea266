import type { BenchPlan } from '@firstword/provider-bench';
import { InvalidArgumentError } from 'commander';

/** Parses comma-separated values and removes duplicates. */
export function list(text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes('')) throw new InvalidArgumentError('Give values separated by commas.');
  return [...new Set(values)];
}

/** Parses comma-separated whole numbers from 1 to 1000. */
export function numbers(text: string): number[] {
  return list(text).map((value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
    throw new InvalidArgumentError('It takes whole numbers from 1 to 1000, such as 1,4,16.');
  });
}

/** Longest silence that ends a turn, ms: with a longer one, a caller would have hung up. */
const LONGEST_SILENCE_MS = 5000;

/** Parses comma-separated silences that end a turn, ms. */
export function silences(text: string): number[] {
  return list(text).map((value) => {
    const silenceMs = Number(value);
    if (Number.isInteger(silenceMs) && silenceMs >= 100 && silenceMs <= LONGEST_SILENCE_MS) return silenceMs;
    throw new InvalidArgumentError(
      `It takes whole numbers of milliseconds from 100 to ${LONGEST_SILENCE_MS}, such as 200,500.`,
    );
  });
}

/** Parser for a number above 0 and up to 1000; `what` names it in the error. */
export const positiveNumber =
  (what: string) =>
  (text: string): number => {
    const value = Number(text);
    if (value > 0 && value <= 1000) return value;
    throw new InvalidArgumentError(`It takes ${what} above 0 and up to 1000, such as 0.5.`);
  };

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a duration such as `15s`, `30m`, `1.5h` or `1d`; returns ms. */
export function duration(text: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * UNIT_MS[(unit ?? 's') as keyof typeof UNIT_MS];
  if (ms >= 1 && Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It takes a duration such as 15s, 30m or 6h.');
}

/** Longest idle time, s. Providers close idle connections after minutes, so longer times add nothing. */
const LONGEST_IDLE_S = 3600;

function mode(text: string): BenchPlan['modes'] {
  if (text === 'warm' || text === 'cold') return [{ mode: text }];
  if (text === 'idle') return [30, 60, 120].map((s) => ({ mode: 'idle', idleMs: 1000 * s }));
  const seconds = Number(/^idle:(\d+)$/.exec(text)?.[1]);
  if (seconds >= 1 && seconds <= LONGEST_IDLE_S) return [{ mode: 'idle', idleMs: 1000 * seconds }];
  throw new InvalidArgumentError(`It takes warm, cold, and idle:SECONDS from 1 to ${LONGEST_IDLE_S}.`);
}

/** Parses connection modes such as `warm,cold,idle:30`. `idle` alone means 30, 60 and 120 s. */
export const modes = (text: string): BenchPlan['modes'] => list(text).flatMap(mode);

function oneOf<T>(text: string, values: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(values, text)) return values[text]!;
  throw new InvalidArgumentError(`It takes ${Object.keys(values).join(', ')}.`);
}

/** Parses `stable` and `broken`: whether the prompt prefix stays the same from request to request. */
export const prefixes = (text: string): BenchPlan['prefixes'] =>
  list(text).map((value) => oneOf(value, { stable: 'stable', broken: 'broken' } as const));

/** Parses the encodings of request bodies: `off`, `gzip`, `msgpack`. */
export const encodings = (text: string): BenchPlan['bodyEncodings'] =>
  list(text).map((value) => oneOf(value, { off: 'json', gzip: 'gzip', msgpack: 'msgpack' } as const));
