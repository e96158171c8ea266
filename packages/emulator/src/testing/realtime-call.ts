import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { passTimeFast } from '@firstword/turn/testing';
import { initializeLogger, type llm, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { onTestFinished, vi } from 'vitest';
import type { RealtimeWire } from '../realtime/core/wire.js';
import type { RealtimeEmulatorOptions } from '../realtime/options.js';
import { startRealtimeEmulator } from '../realtime/realtime-emulator.js';
import { pluginModel } from './realtime-models.js';

const RATE_HZ = 24_000;
const FRAME_SAMPLES = RATE_HZ / 50;

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

/** A microphone: the test pushes audio as fast as it likes. */
class Microphone extends voice.AudioInput {
  #controller!: ReadableStreamDefaultController<AudioFrame>;

  constructor() {
    super();
    this.multiStream.addInputStream(
      new ReadableStream<AudioFrame>({
        start: (controller) => {
          this.#controller = controller;
        },
      }),
    );
  }

  push(samples: Int16Array): void {
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      const frame = samples.slice(at, at + FRAME_SAMPLES);
      this.#controller.enqueue(new AudioFrame(frame, RATE_HZ, 1, frame.length));
    }
  }
}

/** A loudspeaker that plays a whole answer at once, unless it is held. */
class Loudspeaker extends voice.AudioOutput {
  samples: number[] = [];
  loudest = 0;
  isHeld = false;
  #count = 0;

  constructor() {
    super(RATE_HZ, undefined, { pause: true });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#count === 0) this.onPlaybackStarted(Date.now());
    this.#count += frame.samplesPerChannel;
    for (const sample of frame.data) this.loudest = Math.max(this.loudest, Math.abs(sample));
  }

  override flush(): void {
    super.flush();
    if (!this.isHeld) this.#finish(false);
  }

  override clearBuffer(): void {
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    if (this.#count === 0) return;
    const playbackPosition = this.#count / RATE_HZ;
    this.samples.push(this.#count);
    this.#count = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}

/** How a call is set up. */
export interface RealtimeCallScript {
  /** Default: OpenAI's. */
  wire?: RealtimeWire;
  emulator?: RealtimeEmulatorOptions;
  /** Options of LiveKit's plugin. */
  model?: Record<string, unknown>;
  agent?: voice.Agent;
  session?: voice.AgentSessionOptions;
}

/** A tone for the time of speech, and silence after it, at 24 kHz. */
export function speech(options: { speechMs?: number; silenceMs?: number } = {}): Int16Array {
  const { speechMs = 800, silenceMs = 700 } = options;
  const samples = new Int16Array(((speechMs + silenceMs) * RATE_HZ) / 1000);
  for (let i = 0; i < (speechMs * RATE_HZ) / 1000; i += 1) samples[i] = Math.round(8000 * Math.sin(i / 12));
  return samples;
}

/**
 * A session of LiveKit with one of its own plugins, connected to the emulator. It is closed when the test ends; until then time passes as
 * fast as both of them work.
 */
export async function openRealtimeCall(script: RealtimeCallScript = {}) {
  onTestFinished(passTimeFast(vi));
  initializeLogger({ pretty: false, level: 'silent' });
  const emulator = await startRealtimeEmulator({ profile: 'instant', ...script.emulator });
  const model = pluginModel(script.wire ?? 'openai', emulator.urls, script.model);
  const session = new voice.AgentSession({
    llm: model,
    vad: null,
    aecWarmupDuration: null,
    turnHandling: { turnDetection: 'realtime_llm' },
    ...script.session,
  });
  const { AgentSessionEventTypes: Event } = voice;
  const messages: { role: string; text: string; interrupted: boolean }[] = [];
  const errors: unknown[] = [];
  const pluginErrors: unknown[] = [];
  const metrics: Record<string, unknown>[] = [];
  session.on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message')
      messages.push({ role: item.role, text: item.textContent ?? '', interrupted: item.interrupted });
  });
  session.on(Event.Error, ({ error }) => errors.push(error));
  session.on(Event.MetricsCollected, (event) => {
    if (event.metrics.type === 'realtime_model_metrics') metrics.push({ ...event.metrics });
  });
  const microphone = new Microphone();
  const loudspeaker = new Loudspeaker();
  session.input.audio = microphone;
  session.output.audio = loudspeaker;
  const agent =
    script.agent ?? new voice.Agent({ instructions: 'You are the receptionist of a restaurant.' });
  const sent: { type: string }[] = [];
  const received: { type: string; [field: string]: unknown }[] = [];
  // LiveKit puts an adapter around full-duplex models.
  const inUse = session.llm as llm.RealtimeModel;
  const openSession = inUse.session.bind(inUse);
  inUse.session = () => {
    const opened = openSession();
    const wire = ((opened as { duplexSession?: unknown }).duplexSession ?? opened) as llm.RealtimeSession;
    wire.on('openai_client_event_queued', (event) => sent.push(event));
    wire.on('openai_server_event_received', (event) => received.push(event));
    // Those of the plugin for Google 1.9.0 have no type, and the session does not report them.
    opened.on('error', (error) => pluginErrors.push(error));
    return opened;
  };
  await session.start({ agent });
  onTestFinished(async () => {
    await session.close();
    await emulator.close();
  });
  return {
    emulator,
    session,
    agent,
    microphone,
    loudspeaker,
    messages,
    errors,
    pluginErrors,
    metrics,
    sent,
    received,
  };
}
