import type { Arm, RealtimeArm, SpokenAgentParts } from '@firstword/calls';
import {
  REALTIME_PROFILES,
  type RealtimeProfile,
  type RealtimeWire,
  startRealtimeEmulator,
} from '@firstword/emulator/realtime';
import type { Recognizer } from '@firstword/emulator/speech';
import { openRealtimeModel, REALTIME_SILENCE_MS } from '@firstword/livekit';
import { REALTIME_KEY_VARIABLES } from '@firstword/provider-bench';
import { FirstwordError, unknownName } from '@firstword/turn';
import type { SpeechEngines } from '../../speech-engines.js';

/** The realtime model of the arms that have one. */
export interface RealtimeChoice {
  /** What `--realtime` takes: a profile of the emulator, or `live`. */
  name: string;
  label: string;
  emulated: boolean;
  /** Source of the emulated delays, or the variable with the key. */
  source: string;
}

/** The real provider, with the user's key. */
const LIVE = 'live';
/** The emulator's default profile of each model's wire. */
const MODEL_PROFILES: Readonly<Record<string, string>> = {
  openai: 'gpt-realtime-1.5',
  'gpt-live': 'gpt-live-1',
  xai: 'grok-voice-think-fast-1.0',
  gemini: 'gemini-3.1-flash-live',
};
const DEFAULT_PROFILES = REALTIME_PROFILES.filter(({ name }) => Object.values(MODEL_PROFILES).includes(name));

/**
 * The realtime model named by `--realtime`.
 * @returns `undefined` if no arm has one
 * @throws FirstwordError `bad_input` for an unknown name, for a name without such an arm, or if the key is missing
 */
export function realtimeChoice(given: string | undefined, arms: readonly Arm[]): RealtimeChoice | undefined {
  if (!arms.some(({ realtime }) => realtime)) {
    if (given === undefined) return undefined;
    const message =
      '--realtime is for arms with a realtime model: name one in --arms, such as realtime:openai.';
    throw new FirstwordError('bad_input', message);
  }
  const wait = `OpenAI's ends turns after ${REALTIME_SILENCE_MS} ms of silence`;
  if (given === LIVE) {
    const variables = [
      ...new Set(arms.flatMap(({ realtime }) => (realtime ? REALTIME_KEY_VARIABLES[realtime.model]! : []))),
    ];
    const missing = variables.filter((name) => !process.env[name]);
    if (missing.length > 0) {
      const message = `--realtime live needs a key: set ${missing.join(' and ')}, or leave --realtime out.`;
      throw new FirstwordError('bad_input', message);
    }
    const source = `key from ${variables.join(' and ')}`;
    return { name: LIVE, label: `the real provider; ${wait}`, emulated: false, source };
  }
  const profiles =
    given === undefined ? DEFAULT_PROFILES.filter(({ name }) => isUsed(name, arms)) : [profileOf(given)];
  return {
    name: given ?? 'default',
    label: `${profiles.map((profile) => profile.model).join(' and ')} (emulated), ${wait}`,
    emulated: true,
    source: profiles.map((profile) => profile.source).join('; '),
  };
}

const isUsed = (profile: string, arms: readonly Arm[]): boolean =>
  arms.some(({ realtime }) => realtime && MODEL_PROFILES[realtime.model] === profile);

function profileOf(name: string): RealtimeProfile {
  const profile = REALTIME_PROFILES.find((one) => one.name === name);
  if (profile) return profile;
  const names = REALTIME_PROFILES.map((one) => one.name);
  throw unknownName(
    'realtime profile',
    name,
    [LIVE, ...names],
    [LIVE, ...names].map((one) => `\n  ${one}`).join(''),
  );
}

/** The realtime model of one arm, and how to stop what it uses. */
export interface OpenRealtime {
  parts: NonNullable<SpokenAgentParts['realtime']>;
  close(): Promise<void>;
}

/** Opens the realtime model of one arm. An emulated one has a server of its own, so that each arm gets the same delays. */
export async function openRealtime(
  choice: RealtimeChoice,
  { model, mode, answers }: RealtimeArm,
  options: {
    engines: SpeechEngines;
    /** What the emulated model understands. */
    recognizer: Recognizer;
    seed: number;
    signal: AbortSignal;
  },
): Promise<OpenRealtime> {
  const { engines, recognizer, seed, signal } = options;
  if (!choice.emulated) {
    const opened = await openRealtimeModel(
      model,
      { apiKey: process.env[REALTIME_KEY_VARIABLES[model]!]! },
      mode,
    );
    return { parts: { model: opened, answers }, close: () => opened.close() };
  }
  const emulator = await startRealtimeEmulator({
    profile: choice.name === 'default' ? MODEL_PROFILES[model]! : choice.name,
    recognizer,
    voice: engines.agentTts,
    seed,
    signal,
  });
  try {
    const opened = await openRealtimeModel(
      model,
      { baseUrl: emulator.urls[model as RealtimeWire], apiKey: 'emulated' },
      mode,
    );
    const close = async () => {
      await opened.close();
      await emulator.close();
    };
    return { parts: { model: opened, answers }, close };
  } catch (error) {
    await emulator.close();
    throw error;
  }
}
