import {
  type RealtimeEmulatorOptions,
  type RealtimeWire,
  startRealtimeEmulator,
} from '@firstword/emulator/realtime';
import type { CallRecord, TurnRecord } from '@firstword/turn';
import { systemClock } from '@firstword/turn';
import { passTimeFast } from '@firstword/turn/testing';
import { initializeLogger, voice } from '@livekit/agents';
import * as google from '@livekit/agents-plugin-google';
import * as openai from '@livekit/agents-plugin-openai';
import * as xai from '@livekit/agents-plugin-xai';
import { onTestFinished, vi } from 'vitest';
import { SessionObserver } from '../observe/observer.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';

/** The wire's sample rate, Hz. */
const RATE_HZ = 24_000;
const FRAME_SAMPLES = RATE_HZ / 50;

type ModelOptions = NonNullable<ConstructorParameters<typeof openai.realtime.RealtimeModel>[0]>;

/** The model of one of LiveKit's plugins. */
export type WireModel =
  | openai.realtime.RealtimeModel
  | openai.realtime.GPTLiveModel
  | xai.realtime.RealtimeModel
  | google.realtime.RealtimeModel;

/** The model of LiveKit's plugin for a wire, connected to the emulator. */
function pluginModel(
  wire: RealtimeWire,
  urls: Readonly<Record<RealtimeWire, string>>,
  options: ModelOptions | undefined,
): WireModel {
  const apiKey = 'test-key';
  const turnDetection = { type: 'server_vad' as const, silence_duration_ms: 500 };
  if (wire === 'openai')
    return new openai.realtime.RealtimeModel({ apiKey, baseURL: urls.openai, turnDetection, ...options });
  // The plugin's types lack these options.
  if (wire === 'xai')
    return new xai.realtime.RealtimeModel({ ...{ apiKey, turnDetection, baseURL: urls.xai } });
  if (wire === 'gpt-live') return new openai.realtime.GPTLiveModel({ apiKey, baseURL: urls['gpt-live'] });
  return new google.realtime.RealtimeModel({ apiKey, httpOptions: { baseUrl: urls.gemini } });
}

/** How a call is set up. */
export interface RealtimeCallScript {
  /** The plugin. Default: OpenAI's. */
  wire?: RealtimeWire;
  emulator?: RealtimeEmulatorOptions;
  /** Options of OpenAI's model. */
  model?: ModelOptions;
  agent?: voice.Agent;
  /** Another session than LiveKit's own, with this model. */
  session?: (model: WireModel) => voice.AgentSession;
  transcripts?: boolean;
}

/**
 * LiveKit 1.9.0 leaves promises behind that are rejected without a reason, when a session with a realtime model closes under vitest.
 * Rejections with a reason still fail the run.
 */
function ignoreRejectionsWithoutReason(): void {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason, promise) => {
    if (reason !== undefined) for (const listener of listeners) listener(reason, promise);
  });
}
ignoreRejectionsWithoutReason();

/**
 * An observed session with one of LiveKit's own plugins, connected to the emulator. The caller's audio is pushed faster than real
 * time, so figures of its ledgers are not those of a call. It is closed when the test ends; until then time passes as fast as both work.
 */
export async function openRealtimeCall(script: RealtimeCallScript = {}) {
  onTestFinished(passTimeFast(vi));
  initializeLogger({ pretty: false, level: 'silent' });
  const emulator = await startRealtimeEmulator({
    profile: 'instant',
    answers: () => 'Yes, we are open.',
    ...script.emulator,
  });
  const model = pluginModel(script.wire ?? 'openai', emulator.urls, script.model);
  const session =
    script.session?.(model) ??
    new voice.AgentSession({
      llm: model,
      vad: null,
      aecWarmupDuration: null,
      turnHandling: { turnDetection: 'realtime_llm' },
    });
  const input = new PushAudioInput({ rateHz: RATE_HZ });
  const played: Int16Array[] = [];
  const output = new PacedAudioOutput({
    sink: { play: (samples) => played.push(samples), clear: () => {} },
  });
  /** Duration of the audible audio that was played so far, ms. */
  const soundMs = () =>
    played
      .filter((samples) => samples.some((sample) => Math.abs(sample) > 100))
      .reduce((sum, { length }) => sum + (length * 1000) / RATE_HZ, 0);
  session.input.audio = input;
  session.output.audio = output;
  const records: TurnRecord[] = [];
  const calls: CallRecord[] = [];
  const observer = new SessionObserver({
    session,
    callId: 'call',
    transcripts: script.transcripts ?? false,
    onTurn: (record, final) => final && records.push(record),
    onCall: (record) => calls.push(record),
  });
  await session.start({ agent: script.agent ?? new voice.Agent({ instructions: 'x' }) });
  onTestFinished(async () => {
    observer.close();
    await session.close();
    output.close();
    await emulator.close();
  });
  const say = ({ speechMs = 600, silenceMs = 700 } = {}) => {
    const samples = new Int16Array(((speechMs + silenceMs) * RATE_HZ) / 1000);
    for (let i = 0; i < (speechMs * RATE_HZ) / 1000; i += 1) samples[i] = Math.round(8000 * Math.sin(i / 12));
    const endMs = systemClock.nowMs();
    const startMs = endMs - (samples.length * 1000) / RATE_HZ;
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      input.push(samples.slice(at, at + FRAME_SAMPLES), startMs + (at * 1000) / RATE_HZ);
    }
  };
  return { emulator, model, session, records, calls, observer, soundMs, say };
}
