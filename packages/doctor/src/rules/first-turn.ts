import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { unexplainedRestMs } from './hand-off.js';

const MIN_LATE_MS = 150;
const MIN_LATER_TURNS = 2;

/** The cost of a new connection is a separate finding, and so is time that no stage reports. */
const gap = (turn: EvidenceTurn): number =>
  turn.gapMs! - waitedMs(turn, 'connection') - (unexplainedRestMs(turn) ?? 0);

/** Finds first turns of calls that are slower than the others. */
export const firstTurn: Rule = {
  id: 'first-turn',
  title: 'The first turn of a call is slow',
  looksFor: 'first turns that take longer than the later turns of the same calls',
  needs: 'calls of three turns or more',
  part: 'whole turn',
  examine(evidence) {
    const calls = evidence.calls
      .map((call) => call.filter(({ gapMs, toolCalls }) => gapMs !== undefined && toolCalls === 0))
      .filter((call) => call[0]?.turn === 1 && call.length > MIN_LATER_TURNS);
    const excess = new Map<EvidenceTurn, number>();
    for (const [first, ...later] of calls) excess.set(first!, gap(first!) - median(later.map(gap))!);
    const late = [...excess].filter(([, more]) => more > MIN_LATE_MS);
    if (late.length === 0 || late.length < calls.length / 2 || (median(excess.values()) ?? 0) < MIN_LATE_MS)
      return [];
    const members = new Map(late);
    const saving = savingOn(evidence, (turn) => members.get(turn), 'a first turn as fast as the later ones');
    if (!isNoticeable(saving)) return [];
    const more = median(
      valuesOf(
        late.map(([turn]) => turn),
        (turn) => members.get(turn),
      ),
    )!;
    return [
      findingOf(this, {
        verdict: `The first turn takes ${ms(more)} longer than the later ones in ${late.length} of ${calls.length} calls, not counting its connection.`,
        evidence: [
          evidenceLine(
            'first turn against the median of its call',
            late.map(([turn]) => turn),
            (turn) => members.get(turn)!,
          ),
        ],
        confidence: confidenceFrom(
          calls.length > 2 ? 0.75 : 0.45,
          calls.length,
          'it happens at the same place in each call',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Load models and warm up every component before the caller joins: VAD and detector in `prewarm`, `llm.prewarm()`, a first request',
            code: 'prewarm: async (proc) => { proc.userData.vad = await silero.VAD.load(); }',
          },
          firstword: {
            text: 'LLM connections and cached phrases are warmed up at the start; keep idle agents ready',
            code: 'const llm = new FirstwordLLM(router({ models })); llm.prewarm();',
          },
        },
        check: 'The first turns in `firstword report` are about as fast as the others.',
        experiment:
          'Greet, wait ten seconds, then speak: if the first turn is then fast, warm-up was the cause.',
      }),
    ];
  },
};
