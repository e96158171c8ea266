import { sttProfile, ttsProfile } from '@firstword/emulator/speech';
import { FirstwordError } from '@firstword/turn';
import type { BenchTarget } from './target.js';

/** Whether this target hears or speaks: `stt:…`, `tts:…` or `realtime:…`. Others are LLMs. */
export const isSpeechTarget = (text: string): boolean => /^(stt|tts|realtime):/.test(text);

const FORM =
  'write stt:deepgram/nova-3 or tts:cartesia/sonic-3 (LiveKit Inference), stt:plugin:deepgram/nova-3 (LiveKit’s plugin, with the vendor’s key), or stt:emulated:deepgram-nova-3';

function checkProfile(kind: 'stt' | 'tts', name: string): void {
  if (kind === 'stt') sttProfile(name);
  else ttsProfile(name);
}

/**
 * Parses `stt:VENDOR/MODEL`, `stt:plugin:VENDOR/MODEL` or `stt:emulated:PROFILE`, and the same with `tts`. PROFILE
 * is a name, or a file of `firstword record-speech`.
 * @throws FirstwordError `bad_input` for anything else, and for an unknown profile
 */
export function parseSpeechTarget(text: string): BenchTarget {
  const [, kind, provider = 'livekit', model] = /^(stt|tts):(?:(emulated|plugin):)?(.+)$/.exec(text) ?? [];
  const emulated = provider === 'emulated';
  if (!kind || !model || (!emulated && !/^[\w.-]+\/[\w.-]+(:[\w.-]+)?$/.test(model))) {
    throw new FirstwordError('bad_input', `"${text}" is not a speech target: ${FORM}.`);
  }
  const known = kind as 'stt' | 'tts';
  if (emulated) checkProfile(known, model);
  return { kind: known, text, provider, model, emulated };
}

/** Variables with the key of LiveKit Inference: either pair will do. */
const KEY_PAIRS = [
  ['LIVEKIT_INFERENCE_API_KEY', 'LIVEKIT_INFERENCE_API_SECRET'],
  ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'],
] as const;

/**
 * Checks the key of LiveKit Inference. A plugin checks its own.
 * @throws FirstwordError `bad_input` that names the variables
 */
export function checkSpeechKeys(
  targets: readonly BenchTarget[],
  env: Record<string, string | undefined> = process.env,
): void {
  const needing = targets.find(({ kind, provider }) => kind && provider === 'livekit');
  if (!needing || KEY_PAIRS.some((pair) => pair.every((name) => env[name]))) return;
  throw new FirstwordError(
    'bad_input',
    `A key is missing: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET for ${needing.text}. To try it without a key: firstword bench stt:emulated:deepgram-nova-3 tts:emulated:cartesia-sonic-3 (replays published delays).`,
  );
}
