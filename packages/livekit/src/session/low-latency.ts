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

/** Firstword's latency levers. Each can be switched off alone. */
export interface Levers {
  /** Start the LLM on an interim transcript that is probably complete. */
  speculation: boolean;
  /** Start the TTS with a speculation, without playing it, instead of at the commit. */
  preemptiveTts: boolean;
  /** Start speech with the first clause, in any script, instead of the first sentence. */
  clause: boolean;
  /** Cut the silence at the beginning of synthesized audio. */
  trimSilence: boolean;
  /** Wait after the last sound by how likely the end of the turn is, judged by model and words. */
  endpointing: boolean;
}

/** All levers on. */
export const ALL_LEVERS: Levers = {
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
  endpointing: true,
};

/** All levers off: LiveKit's defaults. */
export const NO_LEVERS: Levers = {
  speculation: false,
  preemptiveTts: false,
  clause: false,
  trimSilence: false,
  endpointing: false,
};

/**
 * The default: all levers on. `endpointing` cuts off fewer synthetic callers than LiveKit's delays, but more people in
 * recordings: choose it with that in mind.
 */
export const DEFAULT_LEVERS: Levers = { ...ALL_LEVERS };

/** Parts and options of `lowLatency`. */
export interface LowLatencyParts extends NamedParts {
  /** Which levers are on. Default: `DEFAULT_LEVERS`, all of them. */
  levers?: Partial<Levers> | undefined;
  /** When to speculate, and how much it may cost. Default: `DEFAULT_SPECULATION`. */
  speculation?: Partial<SpeculationOptions>;
  /** Your own work before each answer, such as retrieval; it runs while the caller still speaks. See `Prepare`. */
  prepare?: Prepare;
  /** How long to wait after the last sound. Default: `DEFAULT_ENDPOINTING`. */
  endpointing?: Partial<EndpointingPolicyOptions>;
  /** What an earlier session of the call has learned. Default: nothing. */
  learned?: LearnedState;
  /** Greetings and confirmations whose audio is cached on disk; `attachLowLatency` synthesizes what is missing. */
  phrases?: ClauseTTSOptions['phrases'];
  /** A phrase to say when an answer is late. Off by default. It needs the `clause` lever. */
  filler?: FillerOptions;
}

/** The same with every part as an object, none as a model name. */
type OpenParts = Omit<LowLatencyParts, 'stt' | 'llm' | 'tts'> & CascadeParts;

/** The speculation policy bounds the number of speculations. LiveKit's limit (3) would leave long turns with none. */
const MAX_RESTARTS = 1_000;
/** Long turns are worth a speculation too; the policy's budget bounds the cost. */
const MAX_SPEECH_MS = 120_000;

function eagerSTT(parts: OpenParts): EagerSTT {
  const { stt, vad, speculation, learned } = parts;
  // LocalSTT reports pauses itself; other STTs get a VAD for it.
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
      // The detector does the waiting. LiveKit also requires half of `minDelay` as silence before any answer starts.
      endpointing: { mode: 'fixed' as const, minDelay: sureMs, maxDelay: sureMs },
      // A reply that a sound has paused resumes if no words follow. LiveKit waits 2 s for them, counted from the VAD's end
      // of speech, at least 250 ms after the sound. Finals arrive sooner. A later final still ends the reply, but the
      // caller has heard it resume.
      interruption: { ...VAD_INTERRUPTION, falseInterruptionTimeout: TRANSCRIPT_WAIT_MS },
    },
  };
}

/**
 * Options for an ordinary `voice.AgentSession` with Firstword's levers on. Call `attachLowLatency(session)` before
 * `session.start()`.
 *
 * @throws FirstwordError `bad_input` if an option is out of its range
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
    // LiveKit's Markdown filter delays each word until the next; ClauseTTS removes Markdown and emoji itself.
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

/** Connects the parts of `lowLatency` to their session and fills the phrase cache. Returns a function that disconnects them. */
export function attachLowLatency(session: voice.AgentSession): () => void {
  const stops = [
    trackSpeeches(session),
    attachEagerSTT(session),
    attachEndpointing(session),
    attachFiller(session),
  ];
  warnOfVendors({ stt: session.stt, tts: session.tts });
  const warming = new AbortController();
  // A phrase that is missing is synthesized when it is said. If the TTS fails here, it fails there too and is reported there.
  if (session.tts instanceof ClauseTTS) session.tts.warm({ signal: warming.signal }).catch(() => {});
  return () => {
    warming.abort();
    for (const stop of stops) stop();
  };
}
