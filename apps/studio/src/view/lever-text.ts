import { LEVERS, type LeverName, type LeverSet } from '../protocol.js';

/** Display name and description of each lever. */
export const LEVER_TEXT: Record<LeverName, { name: string; does: string }> = {
  speculation: {
    name: 'Speculation',
    does: 'Sends an LLM request before the turn is committed, if the words so far are probably complete.',
  },
  preemptiveTts: {
    name: 'Preemptive TTS',
    does: 'Starts TTS before the turn is committed; nothing plays until then.',
  },
  clause: { name: 'First clause', does: 'Starts TTS with the first clause instead of the first sentence.' },
  trimSilence: { name: 'Silence trimming', does: 'Removes leading silence from the TTS audio.' },
  endpointing: {
    name: 'Adaptive endpointing',
    does: 'The endpointing delay depends on how likely the end of the turn is.',
  },
  repair: {
    name: 'Cut-off repair',
    does: 'When you go on after a pause that was taken for the end, the agent stops and answers the whole turn.',
  },
  filler: {
    name: 'Filler phrase',
    does: 'Says “Let me see.” when the answer is late. The filler does not count as the answer. Needs First clause.',
  },
  backup: { name: 'Backup LLM', does: 'Sends the request to a second LLM as well when the first is late.' },
};

/** Whether two sets have the same levers on. */
export function sameLevers(a: LeverSet, b: LeverSet): boolean {
  return LEVERS.every((name) => a[name] === b[name]);
}

/** Whether all levers are off, which are LiveKit's defaults. */
export function allLeversOff(levers: LeverSet): boolean {
  return LEVERS.every((name) => !levers[name]);
}

/** Every lever off. */
export const LIVEKIT_LEVERS = Object.fromEntries(LEVERS.map((name) => [name, false])) as LeverSet;

/** A name for a set of levers: the nearest preset and the differences, such as "Firstword − Preemptive TTS". */
export function leverSetName(levers: LeverSet, firstword: LeverSet): string {
  if (allLeversOff(levers)) return 'LiveKit defaults';
  const on = LEVERS.filter((name) => levers[name]);
  const more = on.filter((name) => !firstword[name]).map((name) => `+ ${LEVER_TEXT[name].name}`);
  const less = LEVERS.filter((name) => firstword[name] && !levers[name]);
  if (less.length >= on.length) return `Only ${on.map((name) => LEVER_TEXT[name].name).join(', ')}`;
  return ['Firstword', ...more, ...less.map((name) => `− ${LEVER_TEXT[name].name}`)].join(' ');
}
