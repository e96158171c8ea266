import type { stt, voice } from '@livekit/agents';
import type { AskAgain } from './ask-again.js';
import type { FirstwordOptions } from './firstword-options.js';
import { PartConnections } from './part-connections.js';
import { PartWrappers } from './part-wrappers.js';
import { resolveParts } from './parts.js';
import { askAgainOf, planSession, withEndOfTurn } from './session-plan.js';

/** Options of `lowLatency`: those of `voice.AgentSession`, and Firstword's own. */
export type LowLatencyOptions<UserData = unknown> = voice.AgentSessionOptions<UserData> & FirstwordOptions;

/** LiveKit's default of `ttsTextTransforms`. */
const DEFAULT_TRANSFORMS = ['filter_markdown', 'filter_emoji'];

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
  const { levers, speculation, endpointing, detector, expects, prepare, phrases, filler, askAgain, ...rest } =
    given;
  const { learning, ...own } = rest;
  const firstword = {
    levers,
    speculation,
    endpointing,
    detector,
    expects,
    prepare,
    phrases,
    filler,
    askAgain,
    learning,
  } as FirstwordOptions;
  const plan = planSession(own as voice.AgentSessionOptions, firstword);
  const wrappers = new PartWrappers(plan);
  const { stt: givenStt, llm, tts } = resolveParts(own);
  const stt = givenStt && wrappers.stt(givenStt);
  if (stt) noteAskAgain(stt, askAgainOf(plan));
  return {
    ...(withEndOfTurn(plan) as typeof own),
    ...(stt ? { stt } : {}),
    ...(llm ? { llm: wrappers.llm(llm) } : {}),
    ...(tts ? { tts: wrappers.tts(tts, Boolean(own.expressive)) } : {}),
  };
}

/** What `attachLowLatency` needs to know of the options, by the session's STT: LiveKit keeps no options that it does not know. */
const asking = new WeakMap<stt.STT, AskAgain>();

function noteAskAgain(part: stt.STT, askAgain: AskAgain | undefined): void {
  if (askAgain) asking.set(part, askAgain);
  else asking.delete(part);
}

/** Connects the parts of `lowLatency` to their session and fills the phrase cache. Returns a function that disconnects them. */
export function attachLowLatency(session: voice.AgentSession): () => void {
  const { ttsTextTransforms } = session.sessionOptions;
  const connections = new PartConnections(session, {
    keepTransforms: ttsTextTransforms?.join() !== DEFAULT_TRANSFORMS.join(),
    askAgain: session.stt && asking.get(session.stt),
  });
  return () => connections.close();
}
