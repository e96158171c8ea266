import {
  callOf,
  definedOnly,
  isObject,
  type JsonObject,
  numberAt,
  textAt,
  timeOf,
} from '@firstword/records/import';
import type { RunEvent } from '../evidence.js';

/** asyncio's warning; between its parts stands the task, with everything that it waits for. */
const isBlocked = (text: string): boolean => {
  const from = text.indexOf('Executing <');
  return from >= 0 && /> took [\d.]+ seconds/.test(text.slice(from));
};

/** The worker’s ping to a job was answered late. */
const UNRESPONSIVE = /\b(process|job|job executor) is unresponsive/i;

/**
 * Events by their words, as LiveKit for Python and Node, and the providers, write them. The first that fits is taken. Each
 * test takes time linear in the length of the line: no `.*` between two of its words.
 */
const EVENTS: readonly [RunEvent['kind'], (text: string) => boolean][] = [
  ['slow inference', (text) => /inference is slower than real-?time/i.test(text)],
  [
    'process not scheduled',
    (text) => /process not scheduled/i.test(text) || (/event_loop_blocked/.test(text) && /"host"/.test(text)),
  ],
  ['process unresponsive', (text) => UNRESPONSIVE.test(text)],
  [
    'event loop blocked',
    (text) =>
      /event[ _]loop (is |was )?(blocked|unresponsive|stalled|lag)|event_loop_blocked|blocking the event loop/i.test(
        text,
      ) || isBlocked(text),
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
    'quota used up',
    (text) =>
      /insufficient_quota|quota[_ ]exceeded|exceeded your current quota|quota is (used up|exhausted)|out of credits|credit balance is too low|billing_hard_limit/i.test(
        text,
      ),
  ],
  [
    'rate limited',
    (text) => /\b(status|code|error)\D{0,12}429\b|rate[ _]limit|too many requests/i.test(text),
  ],
  ['speculation discarded', (text) => /preemptive generation invalidated/i.test(text)],
  ['detector failed', (text) => /turn detector (connection )?failed/i.test(text)],
  [
    'detector late',
    (text) => /turn detection transport latency is too high|eot prediction timed out/i.test(text),
  ],
  ['llm failed', (text) => /LLM completion after \d{1,3} attempts|all LLMs failed/i.test(text)],
  [
    'late transcript',
    (text) =>
      /transcript arrives after turn has been committed|transcript arrived after a turn flush|turn was already flushed/i.test(
        text,
      ),
  ],
  [
    'tts retried',
    (text) =>
      /failed to (synthesize speech|generate TTS completion)|TTS\b.{0,80}switching to next TTS/i.test(text),
  ],
  ['stt retried', (text) => /failed to recognize speech|switching to next STT/i.test(text)],
  ['llm retried', (text) => /failed to generate LLM completion|switching to next LLM/i.test(text)],
  [
    'session closed',
    (text) => /closing (due to|because of) (an )?unrecoverable|closing agent session due to/i.test(text),
  ],
  [
    'reconnected',
    (text) =>
      /websocket (was )?closed unexpectedly|connection closed unexpectedly|\breconnect(ing|ed)?\b|resuming connection/i.test(
        text,
      ),
  ],
];
/** Longer lines are examined so far. */
const MAX_EVENT_CHARS = 64 * 1024;
const MODEL_NAMED = /model [`'"]?([\w./:-]{3,60})[`'"]?/i;

/** `retrying in 2s`, `in 2.0s`, `in 2000ms`. */
const RETRY = /retrying in ([\d.]{1,12}) ?(ms|s)/i;
const SECONDS = /took ([\d.]{1,12}) seconds/;

/** How long the event lasted, or the pause before a retry, ms. */
function durationOf(text: string, log: JsonObject): number | undefined {
  const node =
    numberAt(log, 'extraInferenceTimeMs') ?? numberAt(log, 'delayMs') ?? numberAt(log, 'transportLatencyMs');
  if (node !== undefined) return node;
  const retry = RETRY.exec(text);
  if (retry) return Number(retry[1]) * (retry[2] === 's' ? 1000 : 1);
  // Node's event loop monitor writes ms as `duration`, with a `threshold` in ms beside it; Python writes seconds.
  const blocked = numberAt(log, 'duration');
  if (blocked !== undefined) return (numberAt(log, 'threshold') ?? 0) >= 5 ? blocked : blocked * 1000;
  // Both SDKs write the delay of a ping in ms, and that of slow inference in seconds.
  if (UNRESPONSIVE.test(text)) return numberAt(log, 'delay');
  const seconds = numberAt(log, 'delay') ?? Number(SECONDS.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The line, with the texts of fields that a pretty-printed log has on lines of their own. */
function withStrings(line: string, value: unknown): string {
  if (!isObject(value) || line.trimStart().startsWith('{')) return line;
  const own = Object.values(value).filter((one) => typeof one === 'string' && !line.includes(one));
  return own.length === 0 ? line : `${line} ${own.join(' ')}`;
}

/** The warning in a line of a log. @returns `undefined` where it does not concern the latency of a turn */
export function eventOfLog(line: string, value: unknown, place: string): RunEvent | undefined {
  const text = withStrings(line, value).slice(0, MAX_EVENT_CHARS);
  const found = EVENTS.find(([, isIn]) => isIn(text));
  if (!found) return undefined;
  const [kind] = found;
  const log = isObject(value) ? value : {};
  const subject = kind === 'model refused' ? MODEL_NAMED.exec(text)?.[1] : partOf(log);
  return {
    kind,
    place,
    ...definedOnly({ atMs: timeOf(log), call: callOf(log), ms: durationOf(text, log), subject }),
  };
}

/** The component that a retry names: `livekit.plugins.elevenlabs.tts.TTS`, `elevenlabs.TTS`. */
const partOf = (log: JsonObject): string | undefined =>
  textAt(log, 'tts') ?? textAt(log, 'stt') ?? textAt(log, 'llm');
