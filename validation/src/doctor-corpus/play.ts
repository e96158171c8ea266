import { playScriptedCall } from '../sessions/session.js';
import { CASCADE_CORPUS } from './cascade-corpus.js';
import { type CorpusCase, type LabelledCase, seedOf } from './cases.js';
import type { Corpus } from './corpus.js';
import type { SetUp } from './set-up.js';

/** A corpus whose cases can be played again. */
export interface PlayableCorpus<Case extends LabelledCase> {
  corpus: Corpus<Case>;
  /** Plays a case in real time. @returns the lines of its file */
  play(one: Case): Promise<string[]>;
  /** Whether a case must be played alone: it would disturb other calls in this process. */
  isAlone(one: Case): boolean;
}

/** Plays the calls of a set-up one after another. @param seed of the case */
export async function playCalls(setUp: SetUp, seed: number, callId = 'call'): Promise<string[]> {
  const lines: string[] = [];
  for (let call = 1; call <= setUp.calls; call++) {
    const { records, history } = await playScriptedCall({
      setUp,
      callId: `${callId}-${call}`,
      seed: seed + call,
    });
    if (setUp.output === 'turn records') lines.push(...records.map((record) => JSON.stringify(record)));
    else
      lines.push(
        ...(setUp.output === 'chat history'
          ? history
          : history.filter((line) => !line.includes('"role":"user"'))),
      );
  }
  return lines;
}

/** Calls of cascades. */
export const CASCADES: PlayableCorpus<CorpusCase> = {
  corpus: CASCADE_CORPUS,
  play: (one) => playCalls(one.setUp, seedOf(one)),
  // Blocking the event loop would affect all calls in this process.
  isAlone: ({ setUp }) => setUp.turn.blocked !== undefined,
};
