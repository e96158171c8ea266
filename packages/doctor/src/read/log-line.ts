import { definedOnly, isObject, numberAt } from '@firstword/records/import';
import type { RunEvent } from '../evidence.js';

/** asyncio's warning; between its parts stands the task, with everything that it waits for. */
const isBlocked = (text: string): boolean => {
  const from = text.indexOf('Executing <');
  return from >= 0 && /> took [\d.]+ seconds/.test(text.slice(from));
};

/** Events by their words. Each test takes time linear in the length of the line: no `.*` between two of its words. */
const EVENTS: readonly [RunEvent['kind'], (text: string) => boolean][] = [
  ['slow inference', (text) => /inference is slower than real-?time/i.test(text)],
  [
    'event loop blocked',
    (text) =>
      /event loop (is |was )?(blocked|unresponsive|lag)|blocking the event loop/i.test(text) ||
      isBlocked(text),
  ],
  ['high load', (text) => /at (full )?capacity|marking .{0,80}unavailable|high (cpu )?load/i.test(text)],
  [
    'model refused',
    (text) =>
      /model_not_found|model_decommissioned|model\b.{0,80}(does not exist|decommissioned|not found|no longer supported)/i.test(
        text,
      ),
  ],
  [
    'rate limited',
    (text) => /\b(status|code|error)\D{0,12}429\b|rate[ _]limit|too many requests/i.test(text),
  ],
  ['llm retried', (text) => /failed to generate LLM completion/i.test(text)],
];
/** Longer lines are examined so far. */
const MAX_EVENT_CHARS = 64 * 1024;
const MODEL_NAMED = /model [`'"]?([\w./:-]{3,60})[`'"]?/i;

/** The warning in a line of a log. @returns `undefined` where it does not concern the latency of a turn */
export function eventOfLog(line: string, value: unknown, place: string): RunEvent | undefined {
  const text = line.slice(0, MAX_EVENT_CHARS);
  const found = EVENTS.find(([, isIn]) => isIn(text));
  if (!found) return undefined;
  const [kind] = found;
  const log = isObject(value) ? value : {};
  const delay = numberAt(log, 'extraInferenceTimeMs') ?? numberAt(log, 'delayMs');
  const seconds = numberAt(value, 'delay') ?? Number(/took ([\d.]+) seconds/.exec(text)?.[1] ?? Number.NaN);
  const ms = delay ?? (Number.isFinite(seconds) ? seconds * 1000 : undefined);
  const subject = kind === 'model refused' ? MODEL_NAMED.exec(text)?.[1] : undefined;
  return { kind, place, ...definedOnly({ ms, subject }) };
}
