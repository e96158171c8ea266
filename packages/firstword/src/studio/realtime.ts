import { REALTIME_ARMS } from '@firstword/calls';
import { engineRecognizer } from '@firstword/emulator/speech';
import { unknownName } from '@firstword/turn';
import { type OpenRealtime, openRealtime, realtimeChoice } from '../commands/compare/realtime.js';
import type { SpeechEngines } from '../speech-engines.js';
import type { RealtimeInfo } from './protocol.js';

/** The realtime model that answers the calls of a studio. */
export interface StudioRealtime extends OpenRealtime {
  info: RealtimeInfo;
}

const LIVE = ':live';
/** `openai` for the arm `realtime:openai` of `firstword compare`; `half-cascade` and others keep their names. */
const shortName = (arm: string): string => arm.replace('realtime:', '');

/**
 * What `--realtime` names: the arm of `firstword compare`, and whether the real provider answers.
 * @throws FirstwordError `bad_input` for an unknown name, listing the known ones, or if the provider's key is missing
 */
export function realtimeOf(text: string) {
  const isLive = text.endsWith(LIVE);
  const name = isLive ? text.slice(0, -LIVE.length) : text;
  const arm = REALTIME_ARMS.find((one) => one.name === name || shortName(one.name) === name);
  const names = REALTIME_ARMS.map((one) => shortName(one.name));
  if (!arm?.realtime)
    throw unknownName('realtime model', name, names, names.map((one) => `\n  ${one}`).join(''));
  const choice = realtimeChoice(isLive ? 'live' : undefined, [arm])!;
  const info: RealtimeInfo = {
    label: `${shortName(arm.name)}: ${choice.label}`,
    emulated: choice.emulated,
    source: choice.source,
    usesLlm: arm.realtime.answers === 'llm',
  };
  return { arm: arm.realtime, choice, info };
}

/** Opens the model for all calls of a studio. An emulated one understands with the embedded STT and speaks with the embedded voice. */
export async function openStudioRealtime(
  { arm, choice, info }: ReturnType<typeof realtimeOf>,
  { speech, seed, signal }: { speech: SpeechEngines; seed: number; signal: AbortSignal },
): Promise<StudioRealtime> {
  const recognizer = engineRecognizer(speech.stt);
  return { ...(await openRealtime(choice, arm, { engines: speech, recognizer, seed, signal })), info };
}
