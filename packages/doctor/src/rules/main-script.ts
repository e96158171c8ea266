import type { EvidenceTurn } from '../evidence.js';

/** The script that most words of these answers are in. Every turn must have a `reply`. */
export function mainScriptOf(turns: readonly EvidenceTurn[]): string {
  const counts: Record<string, number> = {};
  for (const { reply } of turns)
    for (const [script, words] of Object.entries(reply!.wordsByScript))
      counts[script] = (counts[script] ?? 0) + words;
  return Object.entries(counts).sort((a, b) => b[1] - a[1])[0]![0];
}
