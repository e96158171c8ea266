import { inference, JobContext, llm, stt, tts, VAD, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import './agents-version.js';
import { twoCopiesError } from './two-copies.js';

type AnyClass = abstract new (...args: never[]) => object;

/** The classes for which LiveKit, or this package, tests an object with `instanceof`. */
const CLASSES: readonly AnyClass[] = [
  stt.STT,
  llm.LLM,
  llm.RealtimeModel,
  llm.DuplexModel,
  tts.TTS,
  VAD,
  inference.TurnDetector,
  voice.Agent,
  voice.AgentSession,
  JobContext,
  Room,
];

/**
 * The class of another copy that an object is an instance of, with ours of the same name. The base class counts: a plugin's
 * class may have the same name.
 */
function foreignClass(value: object): { ours: AnyClass; theirs: unknown } | undefined {
  if (CLASSES.some((ours) => value instanceof ours)) return undefined;
  let found: { ours: AnyClass; theirs: unknown } | undefined;
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const theirs: unknown = Object.hasOwn(at, 'constructor') ? at.constructor : undefined;
    const ours = typeof theirs === 'function' && CLASSES.find(({ name }) => name === theirs.name);
    if (ours) found = { ours, theirs };
  }
  return found;
}

/** The parts that an agent, a session or a job brings. */
function partsOf(name: string, value: object): [name: string, value: unknown][] {
  if (value instanceof voice.Agent || value instanceof voice.AgentSession)
    return (['stt', 'llm', 'tts', 'vad'] as const).map((part) => [`${name}.${part}`, value[part]]);
  return value instanceof JobContext ? [[`${name}.room`, value.room]] : [];
}

/**
 * Checks that LiveKit's objects are of the copy of `@livekit/agents` (and `@livekit/rtc-node`) that this package uses, those
 * of an agent or a session included. LiveKit ignores others, without an error, and the session then says nothing. Model names
 * and what is not of LiveKit pass.
 *
 * @param parts each by the name that the user knows it by
 * @throws FirstwordError `two_copies`
 */
export function assertSameCopy(parts: Readonly<Record<string, unknown>>): void {
  for (const [part, value] of Object.entries(parts)) {
    if (typeof value !== 'object' || value === null) continue;
    const foreign = foreignClass(value);
    if (foreign) {
      const packageName = foreign.ours === Room ? '@livekit/rtc-node' : '@livekit/agents';
      throw twoCopiesError({ part, packageName, ...foreign, made: value.constructor });
    }
    assertSameCopy(Object.fromEntries(partsOf(part, value)));
  }
}
