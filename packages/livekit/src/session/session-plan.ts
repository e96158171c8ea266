import { DEFAULT_ENDPOINTING, ENDPOINTING_PRESETS, FirstwordError, withDefaults } from '@firstword/turn';
import { inference, llm, type voice } from '@livekit/agents';
import { type BargeInTimes, WORDS_WAIT_MS } from '../barge-in/barge-in-times.js';
import { whyInterruptionNotStopped } from '../barge-in/stoppable.js';
import { assertSameCopy } from '../compatibility/same-copy.js';
import type { EndpointingDelays } from '../internals/session-activity.js';
import { whyDetectionNotRepaired } from '../repair/repairable.js';
import { PromptVAD } from '../stt/prompt-vad.js';
import { ASK_AFTER_MS, ASK_IN_LANGUAGE, type AskAgain } from './ask-again.js';
import { checkOptions } from './check-options.js';
import { DelayedTurnDetector, delayedTurnDetector } from './end-of-turn.js';
import { type EndpointingPolicyOptions, EOT_AFTER_MS, TRANSCRIPT_WAIT_MS } from './endpointing.js';
import type { FirstwordOptions } from './firstword-options.js';
import { DEFAULT_LEVERS, type Levers } from './levers.js';
import { stripUndefined } from './strip-undefined.js';

type SessionOptions = voice.AgentSessionOptions;
type TurnHandling = NonNullable<SessionOptions['turnHandling']>;

/** A user's options of a session, and what the levers do to them. */
export interface SessionPlan {
  given: SessionOptions;
  firstword: FirstwordOptions;
  levers: Levers;
  /** The user's options, and those that a lever has set. */
  options: SessionOptions;
  /** The endpointing lever's parts, if the session's own options let it act. */
  endOfTurn?: EndOfTurn;
  /** Levers that the options keep from having an effect, with the reason. */
  idle: Partial<Record<keyof Levers, string>>;
  /** The options that a lever has set, by path. */
  changes: Record<string, unknown>;
}

/** What the endpointing lever puts in the place of LiveKit's defaults. */
export interface EndOfTurn {
  detector: DelayedTurnDetector;
  delays: EndpointingDelays;
  /** Absent where the user has set `vad`. */
  vad?: PromptVAD;
}

/** The speculation policy bounds the number of speculations. LiveKit's limit (3) would leave long turns with none. */
const MAX_RESTARTS = 1_000;
/** Long turns are worth a speculation too; the policy's budget bounds the cost. */
const MAX_SPEECH_MS = 120_000;

/** The turn detection that the user has set, by either of LiveKit's options; `undefined` if none. */
function turnDetectionOf({ turnHandling, turnDetection }: SessionOptions) {
  return turnHandling?.turnDetection !== undefined ? turnHandling.turnDetection : turnDetection;
}

function endpointingIsSet({ turnHandling, voiceOptions }: SessionOptions): boolean {
  const { minEndpointingDelay, maxEndpointingDelay } = voiceOptions ?? {};
  const isLegacySet = minEndpointingDelay !== undefined || maxEndpointingDelay !== undefined;
  return isLegacySet || Object.keys(stripUndefined(turnHandling?.endpointing)).length > 0;
}

/** The detector that LiveKit takes here by default: the cloud's where that is at hand, else `undefined` for the local one. */
function cloudDetector(): inference.TurnDetector | undefined {
  const detector = new inference.TurnDetector();
  return detector.model === 'turn-detector-v1' ? detector : undefined;
}

const isRealtime = (model: SessionOptions['llm']): boolean =>
  model instanceof llm.RealtimeModel || model instanceof llm.DuplexModel;

/** Why the endpointing lever has no effect with these options; `undefined` if it has one. */
function endpointingIdleReason(given: SessionOptions): string | undefined {
  const detection = turnDetectionOf(given);
  if (given.vad === null) return 'it needs a VAD, and vad is null';
  if (isRealtime(given.llm)) return 'a realtime model decides when the turn is over';
  if (endpointingIsSet(given)) return 'turnHandling.endpointing is set';
  if (detection === 'stt') return "turnDetection is 'stt': the STT decides when the turn is over";
  if (detection === undefined || detection instanceof inference.TurnDetector) return undefined;
  return 'turnHandling.turnDetection is set';
}

/** Why no answer is speculated on with these options; `undefined` if one may be. */
function speculationIdleReason(given: SessionOptions): string | undefined {
  const { turnHandling, preemptiveGeneration, voiceOptions } = given;
  const legacy = preemptiveGeneration ?? voiceOptions?.preemptiveGeneration;
  if ((turnHandling?.preemptiveGeneration?.enabled ?? legacy) === false) return 'preemptiveGeneration is off';
  if (isRealtime(given.llm)) return 'a realtime model starts its answers itself';
  if (turnDetectionOf(given) === 'manual') return 'turnDetection is manual';
  return undefined;
}

/** Why the caller is not asked again with these options; `undefined` if they may be. */
function askAgainIdleReason(given: SessionOptions): string | undefined {
  if (given.vad === null) return 'it needs a VAD, and vad is null';
  if (given.transcriptionTimeout === null) return 'transcriptionTimeout is null';
  if (isRealtime(given.llm)) return 'a realtime model hears the caller itself';
  if (turnDetectionOf(given) === 'manual') return 'turnDetection is manual';
  return undefined;
}

/** Why cut-offs are not repaired with these options; `undefined` if they are. */
function repairIdleReason(given: SessionOptions): string | undefined {
  if (isRealtime(given.llm)) return 'a realtime model starts its answers itself';
  if (given.turnHandling?.interruption?.enabled === false) return 'interruptions are off';
  return whyDetectionNotRepaired(turnDetectionOf(given));
}

/** Why a sound of the caller does not stop the agent at once with these options; `undefined` if it does. */
function bargeInIdleReason(given: SessionOptions): string | undefined {
  if (given.vad === null) return 'it needs a VAD, and vad is null';
  if (isRealtime(given.llm)) return 'a realtime model hears the caller itself';
  if (turnDetectionOf(given) === 'manual') return 'turnDetection is manual';
  return whyInterruptionNotStopped(given.turnHandling?.interruption ?? {});
}

/** Options of the endpointing lever's detector. @param hasPromptVad the session uses Firstword's VAD, which asks the model sooner */
export function endpointingOptions(
  { endpointing, expects }: FirstwordOptions,
  hasPromptVad: boolean,
): EndpointingPolicyOptions {
  const asked = hasPromptVad ? { eotAfterMs: EOT_AFTER_MS } : {};
  const chosen =
    typeof endpointing === 'string'
      ? ENDPOINTING_PRESETS[endpointing]
      : { ...DEFAULT_ENDPOINTING, ...stripUndefined(endpointing) };
  return { ...asked, ...(expects === undefined ? {} : { expects }), ...chosen };
}

/** Firstword's waits on the user's detector, else on the one that LiveKit would take. */
function delayedDetector(
  detection: ReturnType<typeof turnDetectionOf>,
  firstword: FirstwordOptions,
  endpointing: EndpointingPolicyOptions,
): DelayedTurnDetector {
  const { detector: own, expects } = firstword;
  if (detection instanceof DelayedTurnDetector) {
    const unused = Object.entries({ detector: own, endpointing: firstword.endpointing, expects });
    const named = unused.filter(([, value]) => value !== undefined).map(([name]) => `firstword.${name}`);
    if (named.length === 0) return detection;
    throw new FirstwordError(
      'bad_input',
      `turnDetection is localTurnDetector({ endpointing }), which has waits of its own, so ${named.join(', ')} would have no effect: remove either.`,
    );
  }
  const detector = own ?? (detection instanceof inference.TurnDetector ? detection : cloudDetector());
  return delayedTurnDetector({ endpointing, ...(detector ? { detector } : {}) });
}

function endOfTurn(given: SessionOptions, firstword: FirstwordOptions): EndOfTurn {
  const hasPromptVad = given.vad === undefined;
  const endpointing = endpointingOptions(firstword, hasPromptVad);
  const vad = hasPromptVad
    ? new PromptVAD({ eotAfterMs: endpointing.eotAfterMs ?? EOT_AFTER_MS })
    : undefined;
  const detector = delayedDetector(turnDetectionOf(given), firstword, endpointing);
  // The detector does the waiting. LiveKit also requires half of `minDelay` as silence before any answer starts.
  const delays = { mode: 'fixed' as const, minDelay: detector.minDelayMs, maxDelay: detector.minDelayMs };
  return { detector, delays, ...(vad ? { vad } : {}) };
}

function preemptiveGeneration(levers: Levers, idle: SessionPlan['idle']) {
  if (idle.speculation) return {};
  return {
    ...(levers.preemptiveTts ? { preemptiveTts: true } : {}),
    ...(levers.speculation ? { maxRetries: MAX_RESTARTS, maxSpeechDuration: MAX_SPEECH_MS } : {}),
  };
}

/** Adds to `turnHandling` what the levers set and the user has not; notes each addition in `changes`. */
function addUnset(
  turnHandling: Partial<TurnHandling>,
  added: Pick<Partial<TurnHandling>, 'preemptiveGeneration' | 'interruption'>,
  changes: Record<string, unknown>,
): Partial<TurnHandling> {
  const merged: Record<string, unknown> = { ...turnHandling };
  for (const [group, settings] of Object.entries(added)) {
    const own = stripUndefined(turnHandling[group as keyof typeof added]);
    const unset = Object.entries(settings).filter(([name]) => !Object.hasOwn(own, name));
    if (unset.length === 0) continue;
    merged[group] = { ...Object.fromEntries(unset), ...own };
    for (const [name, setting] of unset) changes[`turnHandling.${group}.${name}`] = setting;
  }
  return merged;
}

/**
 * Merges a user's session options with what the levers set. What the user has set stays; a lever that it contradicts is
 * idle.
 *
 * @throws FirstwordError `bad_input` if an option of `firstword` is out of its range; `two_copies` if a part is of another copy
 * of LiveKit
 */
export function planSession(given: SessionOptions, firstword: FirstwordOptions): SessionPlan {
  checkOptions(firstword);
  const { stt, llm, tts, vad } = given;
  assertSameCopy({ stt, llm, tts, vad, turnDetection: turnDetectionOf(given) });
  const levers = withDefaults(DEFAULT_LEVERS, firstword.levers);
  const idle: SessionPlan['idle'] = {};
  const speculationIdle = speculationIdleReason(given);
  if (speculationIdle) Object.assign(idle, { speculation: speculationIdle, preemptiveTts: speculationIdle });
  const endpointingIdle = endpointingIdleReason(given);
  if (endpointingIdle) idle.endpointing = endpointingIdle;
  else if (firstword.detector === 'stt' && (speculationIdle || !levers.speculation))
    idle.endpointing = "the detector 'stt' needs the lever speculation";
  const askAgainIdle = askAgainIdleReason(given);
  if (askAgainIdle) idle.askAgain = askAgainIdle;
  const repairIdle = repairIdleReason(given);
  if (repairIdle) idle.repair = repairIdle;
  const bargeInIdle = bargeInIdleReason(given);
  if (bargeInIdle) idle.bargeIn = bargeInIdle;
  if (given.turnHandling?.preemptiveGeneration?.preemptiveTts === false)
    idle.preemptiveTts ??= 'preemptiveGeneration.preemptiveTts is set to false';

  const changes: Record<string, unknown> = {};
  const isEndpointing = levers.endpointing && !idle.endpointing;
  const early = preemptiveGeneration(levers, idle);
  const added = {
    ...(Object.keys(early).length > 0 ? { preemptiveGeneration: early } : {}),
    // A reply that a sound has paused resumes if no words follow. LiveKit waits 2 s for them, counted from the VAD's end
    // of speech, at least 250 ms after the sound. Finals arrive sooner. A later final still ends the reply, but the
    // caller has heard it resume.
    ...(isEndpointing ? { interruption: { falseInterruptionTimeout: TRANSCRIPT_WAIT_MS } } : {}),
  };
  const turnHandling = addUnset(given.turnHandling ?? {}, added, changes);
  const handled = Object.keys(changes).length > 0 ? { ...given, turnHandling } : given;
  const waits = levers.askAgain && !askAgainIdle && given.transcriptionTimeout === undefined;
  if (waits) changes.transcriptionTimeout = ASK_AFTER_MS;
  return {
    given,
    firstword,
    levers,
    options: waits ? { ...handled, transcriptionTimeout: ASK_AFTER_MS } : handled,
    ...(isEndpointing ? { endOfTurn: endOfTurn(given, firstword) } : {}),
    idle,
    changes,
  };
}

/** What the `askAgain` lever of a plan says; `undefined` if it is off or idle. */
export function askAgainOf({ levers, idle, firstword }: SessionPlan): AskAgain | undefined {
  return levers.askAgain && !idle.askAgain ? (firstword.askAgain ?? ASK_IN_LANGUAGE) : undefined;
}

/** How the `bargeIn` lever of a plan works; `undefined` if it is off or idle. A time that the user has set stays. */
export function bargeInOf({ levers, idle, given }: SessionPlan): BargeInTimes | undefined {
  if (!levers.bargeIn || idle.bargeIn) return undefined;
  const isSet = given.turnHandling?.interruption?.falseInterruptionTimeout !== undefined;
  return { resumeAfterMs: isSet ? undefined : WORDS_WAIT_MS };
}

/** The options of a plan for a session that does not know Firstword: those of `endOfTurn` included. */
export function withEndOfTurn({ options, endOfTurn }: SessionPlan): SessionOptions {
  if (!endOfTurn) return options;
  const { detector, delays, vad } = endOfTurn;
  const turnHandling = { ...options.turnHandling, turnDetection: detector, endpointing: delays };
  return { ...options, turnHandling, ...(vad ? { vad } : {}) };
}
