import { CALLER_RATE_HZ, readRecording, synthesizeCall } from '@firstword/calls';
import { hostedProbe, realtimeProbe } from '@firstword/livekit/speech-probe';
import { fliteTts } from '@firstword/local';
import {
  type BenchArm,
  type BenchPlan,
  DEFAULT_REALTIME_MODEL,
  parseTargets,
  REALTIME_KEY_VARIABLES,
  realtimeWireOf,
  startSpeechEmulatorProcess,
} from '@firstword/provider-bench';
import { type CallerAudio, type SpeechProbe, systemClock } from '@firstword/turn';

/** What a run of speech engines plays and says. */
export interface BenchLine {
  /** Part of the plan. */
  speech: NonNullable<BenchPlan['speech']>;
  audio: CallerAudio;
}

const VOICE = 'rms';

async function synthesized(text: string, signal: AbortSignal): Promise<CallerAudio> {
  const voice = fliteTts({ voice: VOICE });
  try {
    const [clip] = await synthesizeCall({ lines: [{ parts: [text], breathMs: 0 }], voice, signal });
    return clip!.samples;
  } finally {
    await voice.close();
  }
}

async function recorded(path: string, signal: AbortSignal): Promise<CallerAudio> {
  const { samples, turns } = await readRecording(path, { signal });
  const { startMs, endMs } = turns[0]!;
  const at = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);
  return samples.slice(at(startMs), at(endMs));
}

/**
 * The line that callers say: the first turn of a recording, otherwise synthesized.
 * @throws FirstwordError `bad_input` for a file that cannot be used
 */
export async function benchLine(options: {
  text: string;
  audioFile?: string | undefined;
  signal: AbortSignal;
}): Promise<BenchLine> {
  const { text, audioFile, signal } = options;
  const audio = await (audioFile === undefined ? synthesized(text, signal) : recorded(audioFile, signal));
  const lineMs = Math.round((audio.length * 1000) / CALLER_RATE_HZ);
  return { speech: { text, lineMs, ...(audioFile === undefined ? {} : { audioFile }) }, audio };
}

/** The engine of an arm. */
export type SpeechArm = Pick<BenchArm, 'kind' | 'target' | 'provider' | 'model' | 'emulated' | 'silenceMs'>;

/** Opens the speech engines of a run. `close` ends the emulated ones. */
export async function openSpeech(
  plan: Pick<BenchPlan, 'targets' | 'seed' | 'timeoutMs'>,
  { speech, audio }: BenchLine,
): Promise<{ openProbe(arm: SpeechArm): Promise<SpeechProbe>; close(): void }> {
  const { text, lineMs } = speech;
  const targets = plan.targets.filter((target) => /^(stt|tts|realtime):emulated:/.test(target));
  const emulator =
    targets.length === 0
      ? undefined
      : await startSpeechEmulatorProcess({
          speech: { targets, line: { text, ms: lineMs } },
          seed: plan.seed,
        });
  const common = { audio, clock: systemClock, timeoutMs: plan.timeoutMs };
  return {
    openProbe: async (arm) => {
      const { kind, target, provider, model, emulated } = arm;
      if (kind === 'realtime')
        return realtimeProbe({ ...realtimeServer(arm, emulator?.urlFor(target)), ...common });
      return hostedProbe({
        kind: kind!,
        // The emulator plays one profile for all models; LiveKit wants a vendor's name.
        model: emulated ? 'emulated/profile' : model,
        via: provider === 'plugin' ? 'plugin' : 'livekit',
        ...(emulated ? { baseUrl: emulator!.urlFor(target) } : {}),
        text,
        ...common,
      });
    },
    close: () => emulator?.close(),
  };
}

/** Where the realtime model of an arm is, and its settings. A server of the user's own may need no key. */
function realtimeServer(arm: SpeechArm, emulatedUrl: string | undefined) {
  const { target, model, emulated, silenceMs } = arm;
  const wire = realtimeWireOf(arm);
  const baseUrl = emulated ? emulatedUrl : parseTargets([target])[0]!.baseUrl;
  const apiKey = emulated ? undefined : process.env[REALTIME_KEY_VARIABLES[wire]!];
  return {
    name: target,
    wire,
    server: { apiKey: apiKey ?? 'none', ...(baseUrl === undefined ? {} : { baseUrl }) },
    settings: {
      ...(emulated || model === DEFAULT_REALTIME_MODEL ? {} : { model }),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    },
  };
}
