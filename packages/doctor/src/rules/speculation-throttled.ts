import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { savedFromInterimMs, startedBeforeFinal } from './speculated.js';

const MIN_TURNS = 3;

/** In this call answers were started before the final transcript, some were discarded, and then none was started any more; LiveKit's preemptive generation remains. */
function throttledOf(call: readonly EvidenceTurn[]): EvidenceTurn[] {
  const lastWaste = call.findIndex(({ speculation }) => (speculation?.cancelled ?? 0) > 0);
  if (lastWaste < 0) return [];
  return call
    .slice(lastWaste + 1)
    .filter(
      (turn) => turn.speculation !== undefined && !startedBeforeFinal(turn) && turn.gapMs !== undefined,
    );
}

/** Finds calls in which speculation stopped after some turns. */
export const speculationThrottled: Rule = {
  id: 'speculation-throttled',
  title: 'Speculation is throttled',
  looksFor: 'calls in which speculation stopped after too many speculations were wasted',
  needs: 'Firstword’s records, with the `speculation` lever on',
  part: 'speculation',
  examine(evidence) {
    const calls = evidence.calls.filter(
      (call) => call.some(({ levers }) => levers?.speculation !== false) && call.some(startedBeforeFinal),
    );
    const turns = calls.flatMap(throttledOf);
    const all = calls.flat().length;
    if (turns.length < MIN_TURNS) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromInterimMs(turn) : 0;
        return [most * 0.3, most * 0.6, most];
      },
      'speculation is allowed again and kept as often as before',
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `In ${percent(turns.length / all)} of the turns nothing was speculated, although earlier in the same calls it was: the budget of wasted tokens was used up.`,
        evidence: [
          evidenceLine(
            'none started before the final transcript, after some were cancelled in the same call',
            turns,
            savedFromInterimMs,
          ),
        ],
        confidence: confidenceFrom(0.75, turns.length, 'it stopped within calls, after waste'),
        saving,
        fix: {
          livekit: {
            text: 'LiveKit stops after `maxRetries` preemptive generations (3) in a turn: raise it',
            code: 'turnHandling: { preemptiveGeneration: { enabled: true, maxRetries: 20, maxSpeechDuration: 120_000 } }',
          },
          firstword: {
            text: 'Require more confidence, or allow more waste',
            code: 'new AgentSession({ stt, llm, tts, firstword: { speculation: { minConfidence: 0.9, maxWastedTokensPerCall: 100_000 } } })',
          },
        },
        check: '`speculation.started` is at least 1 in the last turns of a call.',
      }),
    ];
  },
};
