import { FirstwordError, systemClock } from '@firstword/turn';
import { type Emulator, startServer } from '../emulator.js';
import { SpeechFaultSchedule } from './faults/schedule.js';
import type { SpeechFaultPlan } from './faults/speech-fault.js';
import type { Recognizer } from './hear/recognizer.js';
import { SpeechDetector } from './hear/speech-detector.js';
import { transcriptRecognizer } from './hear/transcript.js';
import type { SpeechEmulatorOptions } from './options.js';
import type { SharedParts } from './server/connection.js';
import { upgradeHandler } from './server/upgrade.js';
import { emptyStats, type SpeechStats } from './service.js';
import { findSttProfile, sttProfile } from './stt/profiles.js';
import { findTtsProfile, ttsProfile } from './tts/profiles.js';
import { toneVoice } from './tts/voice.js';
import { SPEECH_WIRES } from './wires/index.js';

/** A running emulator of hosted speech services. Its HTTP part is an LLM emulator, as `startEmulator` starts it. */
export interface SpeechEmulator extends Emulator {
  /** Replaces the fault plan of the speech services and restarts its counts at 1. @throws FirstwordError `bad_input` */
  setSpeechFaults(plan: SpeechFaultPlan): void;
  /** Replaces what STT connections hear that are opened from now on: a call's lines, for example. */
  setRecognizer(recognizer: Recognizer): void;
  /** A snapshot of the speech services' counts since the start. */
  speechStats(): SpeechStats;
}

/** Speech shorter than this does not interrupt, ms. */
const INTERRUPTION_MS = 300;
const PREDICTION_MS = 60;

function interrupts(audio: Int16Array): boolean {
  let startMs: number | undefined;
  let spokenMs = 0;
  const detector = new SpeechDetector({
    onSpeech: (atMs) => {
      startMs = atMs;
    },
    onPause: (atMs) => {
      spokenMs += atMs - (startMs ?? atMs);
      startMs = undefined;
    },
    onSilence: () => {},
  });
  detector.push(audio);
  if (startMs !== undefined) spokenMs += detector.positionMs - startMs;
  return spokenMs >= INTERRUPTION_MS;
}

function sharedParts(options: SpeechEmulatorOptions, faults: () => SpeechFaultSchedule): SharedParts {
  const stt = typeof options.sttProfile === 'string' ? sttProfile(options.sttProfile) : options.sttProfile;
  const tts = typeof options.ttsProfile === 'string' ? ttsProfile(options.ttsProfile) : options.ttsProfile;
  return {
    clock: options.clock ?? systemClock,
    seed: options.seed ?? 1,
    recognizer: options.recognizer ?? transcriptRecognizer([]),
    voice: options.voice ?? toneVoice(),
    sttProfileOf: (model, byDefault) => stt ?? findSttProfile(model) ?? sttProfile(byDefault),
    ttsProfileOf: (model, byDefault) => tts ?? findTtsProfile(model) ?? ttsProfile(byDefault),
    predictTurnEnd: options.predictTurnEnd ?? (() => 0.95),
    predictInterruption: options.predictInterruption ?? interrupts,
    predictionMs: options.predictionMs ?? PREDICTION_MS,
    faults,
  };
}

function checkOptions({ predictionMs = PREDICTION_MS }: SpeechEmulatorOptions): void {
  if (!(predictionMs >= 0)) {
    throw new FirstwordError('bad_input', `predictionMs must be at least 0; got ${predictionMs}.`);
  }
}

/**
 * Starts emulated speech services on one port: those of `SPEECH_SERVICES`, and the LLM emulator. Point LiveKit's plugins
 * at it: `LIVEKIT_INFERENCE_URL` is `url`; the vendors' plugins take `origin` as their base URL.
 * @throws FirstwordError `port_in_use`, `bad_input` (an invalid option, fault or profile), `aborted`
 */
export async function startSpeechEmulator(options: SpeechEmulatorOptions = {}): Promise<SpeechEmulator> {
  checkOptions(options);
  const { seed = 1, llm = {}, clock, signal } = options;
  const applied: Record<string, number> = {};
  let faults = new SpeechFaultSchedule(options.speechFaults ?? { rules: [] }, seed, applied);
  const stats = emptyStats();
  const shared = sharedParts(options, () => faults);
  const onUpgrade = upgradeHandler({
    wires: SPEECH_WIRES,
    shared,
    stats,
    requireKey: llm.requireKey,
  });
  const emulator = await startServer(
    { ...llm, seed, ...(clock ? { clock } : {}), ...(signal ? { signal } : {}) },
    onUpgrade,
  );
  return {
    ...emulator,
    get profile() {
      return emulator.profile;
    },
    setSpeechFaults: (plan) => {
      faults = new SpeechFaultSchedule(plan, seed, applied);
    },
    setRecognizer: (recognizer) => {
      shared.recognizer = recognizer;
    },
    speechStats: () => ({ services: structuredClone(stats), faults: { ...applied } }),
  };
}
