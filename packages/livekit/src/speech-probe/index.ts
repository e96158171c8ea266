// A separate entry point: measuring speech engines needs no session and none of the levers.
import type { CallerAudio, Clock, SpeechProbe } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { type HostedEngine, hostedStt, hostedTts } from './hosted-engine.js';
import { sttProbe } from './stt-probe.js';
import { ttsProbe } from './tts-probe.js';

export type { RealtimeSettings } from '../realtime/open-realtime.js';
export type { HostedEngine } from './hosted-engine.js';
export { type RealtimeProbeOptions, realtimeProbe } from './realtime-probe.js';
export { CALLER_RATE_HZ as PROBE_RATE_HZ, type SttLaneOptions } from './stt-lane.js';
export { sttProbe } from './stt-probe.js';
export { type TtsProbeOptions, ttsProbe } from './tts-probe.js';

/** What is measured, and with what. */
export interface HostedProbeOptions extends HostedEngine {
  kind: 'stt' | 'tts';
  /** The caller's line, for an STT. */
  audio: CallerAudio;
  /** The agent's sentence, for a TTS. */
  text: string;
  clock: Clock;
  /** Longest wait for the final transcript or the first audible sample, ms. */
  timeoutMs: number;
}

/**
 * Opens a probe of a hosted engine, through the class that an agent would use. Starts LiveKit's logger, silent.
 * @throws FirstwordError `bad_input` for a model, key or plugin that cannot be used
 */
export async function hostedProbe(options: HostedProbeOptions): Promise<SpeechProbe> {
  const { kind, audio, text, clock, timeoutMs, model: name } = options;
  initializeLogger({ pretty: false, level: 'silent' });
  return kind === 'stt'
    ? sttProbe({ createEngine: await hostedStt(options), name, audio, clock, timeoutMs })
    : ttsProbe({ engine: (await hostedTts(options))(), name, text, clock, timeoutMs });
}
