import { DEFAULT_ENDPOINTING, type SpeculationOptions } from '@firstword/turn';
import type { tts, voice } from '@livekit/agents';
import type { Prepare } from '../llm/preparation.js';
import { PreparedLLM } from '../llm/prepared-llm.js';
import { trackSpeeches } from '../llm/speech-context.js';
import { attachEagerSTT } from '../stt/attach.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { LocalSTT } from '../stt/local-stt.js';
import { PromptVAD } from '../stt/prompt-vad.js';
import type { ClauseTTSOptions } from '../tts/clause-options.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import type { FillerOptions } from '../tts/filler.js';
import { attachFiller } from '../tts/filler-player.js';
import { attachEndpointing, localTurnDetector } from './end-of-turn.js';
import { type EndpointingPolicyOptions, EOT_AFTER_MS, TRANSCRIPT_WAIT_MS } from './endpointing.js';
import type { LearnedState } from './learned-state.js';
import { type NamedParts, resolveParts } from './parts.js';
import { type CascadeParts, cascade, VAD_INTERRUPTION } from './preset.js';
import { tuneTTS, warnOfVendors } from './vendors/advise.js';

/** The ways in which Firstword takes silence away. Each can be switched off alone. */
export interface Levers {
  /** The LLM starts on words that are likely to be all. */
  speculation: boolean;
  /** The voice starts with it, unheard, instead of waiting for the commit. */
  preemptiveTts: boolean;
  /** The voice begins with the first clause, in any script, instead of the first sentence. */
  clause: boolean;
  /** The silence that a voice begins with is cut. */
  trimSilence: boolean;
  /** The wait after the last sound goes by how likely the end of the turn is, the caller's words included. */
  endpointing: boolean;
}

export const ALL_LEVERS: Levers = {
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
  endpointing: true,
};

/** LiveKit's defaults. */
export const NO_LEVERS: Levers = {
  speculation: false,
  preemptiveTts: false,
  clause: false,
  trimSilence: false,
  endpointing: false,
};

/** On unless told otherwise: all of them. `endpointing` cuts fewer callers off than LiveKit's delays: docs/endpointing.md. */
export const DEFAULT_LEVERS: Levers = { ...ALL_LEVERS };

export interface LowLatencyParts extends NamedParts {
  /** `DEFAULT_LEVERS`, unless told. */
  levers?: Partial<Levers> | undefined;
  /** When to start early, and at what cost. */
  speculation?: Partial<SpeculationOptions>;
  /** Retrieval and other work of yours before each answer, done while the caller still speaks; see `Prepare`. */
  prepare?: Prepare;
  /** How long to wait, by how likely the end of the turn is. */
  endpointing?: Partial<EndpointingPolicyOptions>;
  /** What the call has taught another session; it goes on from there. */
  learned?: LearnedState;
  /** Greetings and confirmations whose audio is kept on disk, made by `attachLowLatency` where it is not there yet. */
  phrases?: ClauseTTSOptions['phrases'];
  /** A phrase to say where an answer is late, off unless given. It needs the `clause` lever. */
  filler?: FillerOptions;
}

/** The same, with what was only named made. */
type OpenParts = Omit<LowLatencyParts, 'stt' | 'llm' | 'tts'> & CascadeParts;

/** Restarts are bounded by the speculation policy; LiveKit's own count (3) would leave a turn with none running. */
const MAX_RESTARTS = 1_000;
/** Long turns are worth a start too; the policy's budget bounds what they cost. */
const MAX_SPEECH_MS = 120_000;

function eagerSTT(parts: OpenParts): EagerSTT {
  const { stt, vad, speculation, learned } = parts;
  // LocalSTT says itself when a pause follows; other engines get somebody to listen for it.
  const silence = stt instanceof LocalSTT ? {} : { vad: vad ?? new PromptVAD() };
  const speculator = learned ? { speculator: learned.speculator } : {};
  return new EagerSTT(stt, { ...silence, ...(speculation ? { speculation } : {}), ...speculator });
}

function clauseTTS({ tts, phrases, filler }: OpenParts, { clause, trimSilence }: Levers): tts.TTS {
  if (!clause && !trimSilence) return tts;
  if (clause) tuneTTS(tts);
  const kept = { ...(phrases ? { phrases } : {}), ...(clause && filler ? { filler } : {}) };
  return new ClauseTTS(tts, { clause, trimSilence, ...kept });
}

function endOfTurn(parts: OpenParts) {
  const ownVad = parts.vad ? {} : { eotAfterMs: EOT_AFTER_MS };
  const caller = parts.learned ? { caller: parts.learned.caller } : {};
  const endpointing = { ...DEFAULT_ENDPOINTING, ...ownVad, ...caller, ...parts.endpointing };
  const { sureMs } = endpointing;
  return {
    vad: parts.vad ?? new PromptVAD({ eotAfterMs: EOT_AFTER_MS }),
    turnHandling: {
      turnDetection: localTurnDetector({ endpointing }),
      // The detector does the waiting. Half of `minDelay` is also the silence without which LiveKit lets no answer begin.
      endpointing: { mode: 'fixed' as const, minDelay: sureMs, maxDelay: sureMs },
      // A reply stopped by a sound goes on where no words come of it. LiveKit gives them 2 s from when the VAD calls the
      // sound ended, at least 250 ms after it: longer than finals take. One that comes in time ends the reply; one that
      // comes late ends it too, but the caller has heard it go on.
      interruption: { ...VAD_INTERRUPTION, falseInterruptionTimeout: TRANSCRIPT_WAIT_MS },
    },
  };
}

/**
 * Options for an ordinary `voice.AgentSession`, like `cascade`, with Firstword's levers on. Call
 * `attachLowLatency(session)` before `session.start()`.
 */
export function lowLatency(given: LowLatencyParts): voice.AgentSessionOptions {
  const parts = resolveParts(given);
  const levers = { ...DEFAULT_LEVERS, ...parts.levers };
  const llm = parts.prepare ? new PreparedLLM(parts.llm, parts.prepare) : parts.llm;
  const options = cascade({ ...parts, llm });
  const { turnHandling, ...hearing } = levers.endpointing ? endOfTurn(parts) : { turnHandling: {} };
  return {
    ...options,
    ...hearing,
    ...(levers.speculation ? { stt: eagerSTT(parts) } : {}),
    tts: clauseTTS(parts, levers),
    // LiveKit's Markdown filter keeps each word back until the next; ClauseTTS takes Markdown and emoji out itself.
    ...(levers.clause ? { ttsTextTransforms: null } : {}),
    turnHandling: {
      ...options.turnHandling,
      ...turnHandling,
      preemptiveGeneration: {
        enabled: true,
        preemptiveTts: levers.preemptiveTts,
        ...(levers.speculation ? { maxRetries: MAX_RESTARTS, maxSpeechDuration: MAX_SPEECH_MS } : {}),
      },
    },
  };
}

/** Lets the parts of `lowLatency` know their session, and fills the phrase cache. Returns how to stop. */
export function attachLowLatency(session: voice.AgentSession): () => void {
  const stops = [
    trackSpeeches(session),
    attachEagerSTT(session),
    attachEndpointing(session),
    attachFiller(session),
  ];
  warnOfVendors({ stt: session.stt, tts: session.tts });
  const warming = new AbortController();
  // A phrase that is not kept yet is made when it is said: a voice that fails here fails there, and is reported there.
  if (session.tts instanceof ClauseTTS) session.tts.warm({ signal: warming.signal }).catch(() => {});
  return () => {
    warming.abort();
    for (const stop of stops) stop();
  };
}
