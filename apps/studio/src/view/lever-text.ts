import { LEVERS, type LeverName, type LeverSet } from '../protocol.js';

/** What each lever is called, and does, for people. */
export const LEVER_TEXT: Record<LeverName, { name: string; does: string }> = {
  speculation: { name: 'Early start', does: 'The LLM starts on words that are likely to be all.' },
  preemptiveTts: { name: 'Early voice', does: 'The voice is made, unheard, before the turn is confirmed.' },
  clause: { name: 'First clause', does: 'Speech begins with the first clause, not the first sentence.' },
  trimSilence: { name: 'Trimmed silence', does: 'The silence that a voice begins with is cut.' },
  endpointing: { name: 'Fitting wait', does: 'The wait after the last word goes by how likely the end is.' },
  filler: {
    name: 'Filler',
    does: '“Let me see.” is said where an answer is late; it counts as no answer. Needs First clause.',
  },
  backup: { name: 'Backup LLM', does: 'A second LLM is asked, too, when the first is late.' },
};

export function isSame(a: LeverSet, b: LeverSet): boolean {
  return LEVERS.every((name) => a[name] === b[name]);
}

export function isLiveKit(levers: LeverSet): boolean {
  return LEVERS.every((name) => !levers[name]);
}

/** Every lever off. */
export const LIVEKIT = Object.fromEntries(LEVERS.map((name) => [name, false])) as LeverSet;

/** A set of levers, by the name of the preset that is nearest, and what is other: "Firstword, no Early voice". */
export function setName(levers: LeverSet, firstword: LeverSet): string {
  if (isLiveKit(levers)) return 'LiveKit defaults';
  const on = LEVERS.filter((name) => levers[name]);
  const more = on.filter((name) => !firstword[name]).map((name) => `+ ${LEVER_TEXT[name].name}`);
  const less = LEVERS.filter((name) => firstword[name] && !levers[name]);
  if (less.length >= on.length) return `Only ${on.map((name) => LEVER_TEXT[name].name).join(', ')}`;
  return ['Firstword', ...more, ...less.map((name) => `− ${LEVER_TEXT[name].name}`)].join(' ');
}
