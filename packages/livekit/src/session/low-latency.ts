import type { voice } from '@livekit/agents';
import type { BargeInTimes } from '../barge-in/barge-in-times.js';
import type { AskAgainSettings } from './ask-again.js';
import { FIRSTWORD_NAMES, type FirstwordOptions } from './firstword-options.js';
import { PartConnections } from './part-connections.js';
import { PartWrappers } from './part-wrappers.js';
import { resolveParts } from './parts.js';
import { askAgainOf, bargeInOf, planSession, withEndOfTurn } from './session-plan.js';

/** Options of `lowLatency`: those of `voice.AgentSession`, and Firstword's own. */
export type LowLatencyOptions<UserData = unknown> = voice.AgentSessionOptions<UserData> & FirstwordOptions;

/** LiveKit's default of `ttsTextTransforms`. */
const DEFAULT_TRANSFORMS = ['filter_markdown', 'filter_emoji'];

/** What `attachLowLatency` needs to know of the options. */
interface Attached {
  askAgain: AskAgainSettings | undefined;
  repair: boolean;
  bargeIn: BargeInTimes | undefined;
  rescue: FirstwordOptions['rescue'];
  answerWith: FirstwordOptions['answerWith'];
}

/**
 * By each part of the composed options: LiveKit keeps no options that it does not know. A session keeps the parts, and may have
 * one exchanged.
 */
const attached = new WeakMap<object, Attached>();

const partsOf = ({ stt, llm, tts }: Pick<voice.AgentSessionOptions, 'stt' | 'llm' | 'tts'>): object[] =>
  [stt, llm, tts].filter((part) => typeof part === 'object');

/**
 * Options for an ordinary `voice.AgentSession` with Firstword's levers on, for those who compose a session by hand;
 * `AgentSession` does the same by itself. Only the session's own parts are wrapped, not those of its agents. Options that you
 * have set stay. Call `attachLowLatency(session)` before `session.start()`.
 *
 * @throws FirstwordError `bad_input` if an option is out of its range; `two_copies` if a part is of another copy of LiveKit
 */
export function lowLatency<UserData = unknown>(
  given: LowLatencyOptions<UserData>,
): voice.AgentSessionOptions<UserData> {
  const isOwn = ([name]: [string, unknown]) => !Object.hasOwn(FIRSTWORD_NAMES, name);
  const entries = Object.entries(given);
  const own = Object.fromEntries(entries.filter(isOwn)) as voice.AgentSessionOptions<UserData>;
  const firstword: FirstwordOptions = Object.fromEntries(entries.filter((entry) => !isOwn(entry)));
  const plan = planSession(own as voice.AgentSessionOptions, firstword);
  const wrappers = new PartWrappers(plan);
  const { stt, llm, tts } = resolveParts(own);
  const composed = {
    ...(withEndOfTurn(plan) as typeof own),
    ...(stt ? { stt: wrappers.stt(stt) } : {}),
    ...(llm ? { llm: wrappers.llm(llm) } : {}),
    ...(tts ? { tts: wrappers.tts(tts, Boolean(own.expressive)) } : {}),
  };
  const { repair } = plan.levers;
  const { rescue, answerWith } = firstword;
  const known = { askAgain: askAgainOf(plan), repair, bargeIn: bargeInOf(plan), rescue, answerWith };
  for (const part of partsOf(composed)) attached.set(part, known);
  return composed;
}

/** Connects the parts of `lowLatency` to their session and fills the phrase cache. Returns a function that disconnects them. */
export function attachLowLatency(session: voice.AgentSession): () => void {
  const { ttsTextTransforms } = session.sessionOptions;
  const known = partsOf(session)
    .map((part) => attached.get(part))
    .find((options) => options !== undefined);
  const connections = new PartConnections(session, {
    keepTransforms: ttsTextTransforms?.join() !== DEFAULT_TRANSFORMS.join(),
    askAgain: known?.askAgain,
    repair: known?.repair ?? true,
    bargeIn: known?.bargeIn,
    rescue: known?.rescue,
    answerWith: known?.answerWith,
  });
  return () => connections.close();
}
