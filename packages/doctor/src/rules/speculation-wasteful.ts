import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, mean, percent } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated } from './speculated.js';

const MIN_TURNS = 4;
/** Above this many cancelled speculations a turn, more is discarded than used. */
const MAX_CANCELLED = 1.5;

const cancelled = ({ speculation }: EvidenceTurn): number => speculation?.cancelled ?? 0;
const wasted = ({ speculation }: EvidenceTurn): number => speculation?.wastedTokens ?? 0;

/** Finds speculation that is mostly discarded. */
export const speculationWasteful: Rule = {
  id: 'speculation-wasteful',
  title: 'Speculations are mostly wasted',
  looksFor: 'many cancelled speculations for each that is kept: they cost tokens and use up rate limits',
  needs: 'Firstword’s records',
  part: 'speculation',
  examine(evidence) {
    const turns = evidence.turns.filter(hasSpeculated);
    const perTurn = mean(turns.map(cancelled));
    if (turns.length < MIN_TURNS || perTurn < MAX_CANCELLED) return [];
    const started = turns.reduce((sum, { speculation }) => sum + speculation!.started, 0);
    const kept = turns.reduce((sum, { speculation }) => sum + speculation!.kept, 0);
    const tokens = Math.round(mean(turns.map(wasted)));
    return [
      findingOf(this, {
        verdict: `Only ${percent(kept / started)} of ${started} speculations are kept: ${perTurn.toFixed(1)} a turn are discarded${tokens > 0 ? `, ${tokens} tokens each turn` : ''}.`,
        evidence: [
          evidenceLine(
            'turns with cancelled speculations',
            turns.filter((turn) => cancelled(turn) > 0),
            wasted,
          ),
        ],
        confidence: confidenceFrom(0.9, turns.length, 'every start is counted'),
        fix: {
          livekit: {
            text: 'Require more confidence: a higher eager threshold of the STT engine',
            code: 'new deepgram.STTv2({ eagerEotThreshold: 0.7 })',
            python: 'deepgram.STTv2(eager_eot_threshold=0.7)',
          },
          firstword: {
            text: 'Require more confidence, or a transcript that is stable for longer',
            code: 'new AgentSession({ stt, llm, tts, firstword: { speculation: { minConfidence: 0.9, stableMs: 500 } } })',
          },
        },
        check:
          'More than half of the speculations are kept. This saves tokens and rate limits, not milliseconds.',
      }),
    ];
  },
};
