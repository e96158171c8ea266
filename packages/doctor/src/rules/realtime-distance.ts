import type { SegmentName } from '@firstword/turn';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf, sameRemedy } from './finding-of.js';
import { realtimeName, realtimeTurns, spreadOf } from './realtime-model.js';

/** A round trip within a continent, and the provider’s decision. */
const USUAL_MS = 80;
const FAR_MS = 180;

/** Finds realtime providers that are far away. */
export const realtimeDistance: Rule = {
  id: 'realtime-distance',
  title: 'The realtime provider is far away',
  looksFor: 'time between sending the audio at which a turn ends and the provider’s report of that end',
  needs: 'Firstword’s records of a model whose provider says where in the audio a turn ended (OpenAI)',
  part: 'transport',
  examine(evidence) {
    const measured = realtimeTurns(evidence.answered).filter(({ path }) => 'provider round trip' in path);
    const tripMs = (turn: (typeof measured)[number]) => turn.path['provider round trip'] ?? 0;
    if (measured.length === 0) return [];
    const { p50Ms } = spreadOf(measured, tripMs);
    const turns = measured.filter((turn) => tripMs(turn) > FAR_MS);
    if (p50Ms < FAR_MS) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? tripMs(turn) - USUAL_MS : 0;
        return [most * 0.5, most, most];
      },
      `a round trip of ${USUAL_MS} ms`,
      ['realtimeNetwork'],
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `${realtimeName(turns)} hears the caller late: a round trip to it takes ${ms(p50Ms)} at the median, and each turn waits for one.`,
        evidence: [
          evidenceLine(`audio sent to the end of the turn reported, median ${ms(p50Ms)}`, turns, tripMs),
        ],
        confidence: confidenceFrom(
          0.75,
          turns.length,
          'it was timed; the provider’s own time for its decision is in it',
        ),
        saving,
        fix: sameRemedy(
          'Run the agent in the provider’s region, or take a deployment near the agent (Azure names its region, Vertex AI takes a `location`)',
        ),
        check: `The \`${'provider round trip' satisfies SegmentName}\` segment is below 100 ms.`,
        experiment:
          '`curl -so /dev/null -w "%{time_connect}\\n"` to the provider’s host from the agent’s machine is one round trip: what the segment has beyond it is the provider’s own time. Waits far above it are a busy network or machine.',
      }),
    ];
  },
};
