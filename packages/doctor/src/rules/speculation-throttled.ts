import type { Turn } from '../evidence.js';
import { isWorthTelling, percent, proof, savingOn, sureFrom } from '../figures.js';
import type { Rule } from '../rule.js';
import { headStartMs, wasEarly } from './early-start.js';
import { findingOf } from './make.js';

const LEAST_TURNS = 3;

/** In this call answers began before the final transcript, some in vain, and then none did: LiveKit's own start with it remains. */
function throttledOf(call: readonly Turn[]): Turn[] {
  const lastWaste = call.findIndex(({ speculation }) => (speculation?.cancelled ?? 0) > 0);
  if (lastWaste < 0) return [];
  return call
    .slice(lastWaste + 1)
    .filter((turn) => turn.speculation !== undefined && !wasEarly(turn) && turn.gapMs !== undefined);
}

export const speculationThrottled: Rule = {
  id: 'speculation-throttled',
  title: 'Early starts are throttled',
  looksFor:
    'calls in which answers began early, too many were wasted, and then none began before the final transcript any more',
  needs: 'Firstword’s records, with the `speculation` lever on',
  part: 'early start',
  examine(evidence) {
    const calls = evidence.calls.filter(
      (call) => call.some(({ levers }) => levers?.speculation !== false) && call.some(wasEarly),
    );
    const turns = calls.flatMap(throttledOf);
    const all = calls.flat().length;
    if (turns.length < LEAST_TURNS) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? headStartMs(turn) : 0;
        return [most * 0.3, most * 0.6, most];
      },
      'starts are allowed again and kept as often as before the throttle',
    );
    if (!isWorthTelling(saving)) return [];
    return [
      findingOf(this, {
        verdict: `In ${percent(turns.length / all)} of the turns nothing began early, although earlier in the same calls it did: the budget of wasted starts was spent.`,
        evidence: [
          proof(
            'none begun before the final transcript, after some were cancelled in the same call',
            turns,
            headStartMs,
          ),
        ],
        confidence: sureFrom(0.75, turns.length, 'it stopped within calls, after waste'),
        saving,
        fix: {
          livekit: {
            text: 'LiveKit gives up after `maxRetries` starts (3) in a turn: raise it',
            code: 'turnHandling: { preemptiveGeneration: { enabled: true, maxRetries: 20, maxSpeechDuration: 120_000 } }',
          },
          firstword: {
            text: 'Start later but surer, or allow more waste',
            code: 'lowLatency({ stt, llm, tts, speculation: { minConfidence: 0.9, maxWastedTokensPerCall: 100_000 } })',
          },
        },
        check: '`speculation.started` is at least 1 in the last turns of a call.',
      }),
    ];
  },
};
