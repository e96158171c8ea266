import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, mean, percent } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated } from './speculated.js';

const MIN_TURNS = 4;
/** Cancelled starts a turn past which more is thrown away than used. */
const MAX_CANCELLED = 1.5;

const cancelled = ({ speculation }: EvidenceTurn): number => speculation?.cancelled ?? 0;
const wasted = ({ speculation }: EvidenceTurn): number => speculation?.wastedTokens ?? 0;

/** Finds speculation that is mostly discarded. */
export const speculationWasteful: Rule = {
  id: 'speculation-wasteful',
  title: 'Early starts are mostly wasted',
  looksFor: 'many cancelled starts for each that is kept: they cost tokens, and rate limits',
  needs: 'Firstword’s records',
  part: 'early start',
  examine(evidence) {
    const turns = evidence.turns.filter(hasSpeculated);
    const perTurn = mean(turns.map(cancelled));
    if (turns.length < MIN_TURNS || perTurn < MAX_CANCELLED) return [];
    const started = turns.reduce((sum, { speculation }) => sum + speculation!.started, 0);
    const kept = turns.reduce((sum, { speculation }) => sum + speculation!.kept, 0);
    const tokens = Math.round(mean(turns.map(wasted)));
    return [
      findingOf(this, {
        verdict: `Only ${percent(kept / started)} of ${started} early starts are kept: ${perTurn.toFixed(1)} a turn are thrown away${tokens > 0 ? `, ${tokens} tokens each turn` : ''}.`,
        evidence: [
          evidenceLine(
            'turns with cancelled starts',
            turns.filter((turn) => cancelled(turn) > 0),
            wasted,
          ),
        ],
        confidence: confidenceFrom(0.9, turns.length, 'every start is counted'),
        fix: {
          livekit: {
            text: 'Start on surer words: a higher eager threshold of the engine',
            code: 'new deepgram.STTv2({ eagerEotThreshold: 0.7 })',
          },
          firstword: {
            text: 'Ask for more confidence, or for words that stay longer',
            code: 'lowLatency({ stt, llm, tts, speculation: { minConfidence: 0.9, stableMs: 500 } })',
          },
        },
        check: 'More than half of the started ones are kept. It saves tokens and limits, not milliseconds.',
      }),
    ];
  },
};
