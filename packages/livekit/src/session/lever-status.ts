import { llm, type tts } from '@livekit/agents';
import type { ActivityParts } from '../internals/session-activity.js';
import type { Levers } from './levers.js';
import { whySttNotWrapped } from './part-wrappers.js';
import { speaksItself } from './realtime-parts.js';
import type { SessionPlan } from './session-plan.js';

/** What a lever does in a session. */
export interface LeverStatus {
  lever: keyof Levers;
  /** `idle`: switched on, but without effect here. */
  state: 'on' | 'off' | 'idle';
  /** Why it is idle. */
  reason?: string;
}

/** A session's parts, as far as levers depend on them. */
export interface LeverSituation {
  parts: ActivityParts;
  /** Why a TTS is not wrapped; `undefined` if it is. */
  ttsReason(tts: tts.TTS): string | undefined;
  /** Whether the endpointing lever acts for the current agent. */
  endsTurns: boolean;
  /** The current agent's turns are ended by hand. */
  isManual: boolean;
  /** Why cut-offs of the current agent are not repaired; `undefined` if they are. */
  repairReason: string | undefined;
  /** Why the current agent is not stopped at the caller's first sound; `undefined` if it is. */
  bargeInReason: string | undefined;
  /** Whether the caller's audio comes in, and the agent's goes out. */
  input: boolean;
  output: boolean;
}

/** The levers in the order in which they act in a turn. */
const ORDER: readonly (keyof Levers)[] = [
  'speculation',
  'endpointing',
  'askAgain',
  'preemptiveTts',
  'clause',
  'trimSilence',
  'repair',
  'bargeIn',
];

function speculationReason({ parts, input, isManual }: LeverSituation): string | undefined {
  if (!input) return 'the session has no audio input';
  if (isManual) return 'turnDetection is manual';
  if (!(parts.llm instanceof llm.LLM))
    return parts.llm ? 'a realtime model starts its answers itself' : 'there is no LLM';
  if (!parts.stt) return 'there is no STT';
  return whySttNotWrapped(parts.stt);
}

function speechReason(
  { parts, ttsReason, output }: LeverSituation,
  { firstword }: SessionPlan,
): string | undefined {
  if (!output) return 'the session has no audio output';
  if (speaksItself(parts.llm) && !firstword.answerWith) return 'the realtime model speaks itself';
  return parts.tts ? ttsReason(parts.tts) : 'there is no TTS';
}

function askAgainReason({ parts, input, output, isManual }: LeverSituation): string | undefined {
  if (!input) return 'the session has no audio input';
  if (!output) return 'the session has no audio output';
  if (isManual) return 'turnDetection is manual';
  if (parts.llm instanceof llm.RealtimeModel) return 'a realtime model hears the caller itself';
  if (!parts.stt) return 'there is no STT';
  return parts.tts ? undefined : 'there is no TTS';
}

function bargeInReason({ input, output, bargeInReason: reason }: LeverSituation): string | undefined {
  if (!input) return 'the session has no audio input';
  return output ? reason : 'the session has no audio output';
}

function reasonFor(lever: keyof Levers, plan: SessionPlan, situation: LeverSituation): string | undefined {
  const { parts, input, endsTurns } = situation;
  const planned = plan.idle[lever];
  if (planned) return planned;
  if (lever === 'endpointing') {
    if (!input) return 'the session has no audio input';
    if (parts.llm instanceof llm.RealtimeModel) return 'a realtime model decides when the turn is over';
    return endsTurns ? undefined : 'the agent, or updateOptions, has set turn detection or delays';
  }
  if (lever === 'speculation') return speculationReason(situation);
  if (lever === 'askAgain') return askAgainReason(situation);
  if (lever === 'repair') return input ? situation.repairReason : 'the session has no audio input';
  if (lever === 'bargeIn') return bargeInReason(situation);
  if (lever === 'preemptiveTts')
    return speculationReason(situation) ?? speechReason({ ...situation, ttsReason: () => undefined }, plan);
  return speechReason(situation, plan);
}

/** What each lever does in a session with this plan and these parts. */
export function leverStatus(plan: SessionPlan, situation: LeverSituation): LeverStatus[] {
  return ORDER.map((lever) => {
    if (!plan.levers[lever]) return { lever, state: 'off' };
    const reason = reasonFor(lever, plan, situation);
    return reason === undefined ? { lever, state: 'on' } : { lever, state: 'idle', reason };
  });
}

/** Which levers act: those that are on and not idle. */
export function leversInForce(levers: readonly LeverStatus[]): Levers {
  return Object.fromEntries(levers.map(({ lever, state }) => [lever, state === 'on'])) as unknown as Levers;
}

/** A log line that says which levers are on, which are idle and why, and which options the levers have set. */
export function describeLevers(
  levers: readonly LeverStatus[],
  changes: Readonly<Record<string, unknown>>,
): [facts: object, message: string] {
  const names = (state: LeverStatus['state']) =>
    levers.filter((status) => status.state === state).map(({ lever }) => lever);
  const idle = levers.flatMap(({ lever, reason }) => (reason ? [`${lever} (${reason})`] : []));
  const parts = [
    names('on').length > 0 ? `on: ${names('on').join(', ')}` : 'no lever is on',
    ...(idle.length > 0 ? [`idle: ${idle.join(', ')}`] : []),
    ...(names('off').length > 0 ? [`off: ${names('off').join(', ')}`] : []),
  ];
  return [{ set: changes }, `firstword: ${parts.join('; ')}`];
}
