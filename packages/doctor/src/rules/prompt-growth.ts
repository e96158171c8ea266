import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { fitLine } from './fit-line.js';
import { unexplainedTtftMs } from './unexplained-ttft.js';

const MIN_TURNS = 5;
/** Minimum ratio of the last prompt of a call to its first. */
const MIN_GROWTH = 1.4;
const MIN_MORE_TOKENS = 400;
/** Minimum correlation of prompt size and wait (Pearson's r). */
const MIN_FIT = 0.4;
/** Below it, a few slow answers late in a call look the same. */
const SURE_FIT = 0.7;

const TRUNCATE = {
  text: 'Truncate the history, and put retrieved text at its end',
  code: 'chatCtx.truncate(12) // in onUserTurnCompleted',
  python: 'turn_ctx.truncate(max_items=12)  # in on_user_turn_completed',
};

const size = ({ llm }: EvidenceTurn): number =>
  (llm?.tokens?.promptTokens ?? 0) - (llm?.tokens?.cachedTokens ?? 0);
const prompt = ({ llm }: EvidenceTurn): number => llm?.tokens?.promptTokens ?? 0;

function grows(call: readonly EvidenceTurn[]): boolean {
  const [first, last] = [call[0], call.at(-1)];
  if (!first || !last || call.length < MIN_TURNS) return false;
  return prompt(last) > MIN_GROWTH * prompt(first) && prompt(last) - prompt(first) >= MIN_MORE_TOKENS;
}

/** Finds prompts that grow from turn to turn and slow the LLM down. */
export const promptGrowth: Rule = {
  id: 'prompt-growth',
  title: 'The prompt grows through the call',
  looksFor: 'prompts that grow turn by turn, and first tokens that come later with them',
  needs: 'prompt tokens and a time to first token, over five turns of a call',
  part: 'LLM',
  examine(evidence) {
    const known = evidence.calls.map((call) =>
      call.filter(
        ({ parts, llm, gapMs }) =>
          parts.ttftMs !== undefined && llm?.tokens?.promptTokens && gapMs !== undefined,
      ),
    );
    const growing = known.filter(grows);
    const turns = growing.flat();
    const line = fitLine(turns.map((turn) => [size(turn), unexplainedTtftMs(turn)]));
    if (!line || line.r < MIN_FIT || line.slope <= 0) return [];
    const starts = new Map(growing.map((call) => [call[0]!.callId, Math.min(...call.map(size))]));
    const saving = savingOn(
      evidence,
      (turn) => {
        const start = starts.get(turn.callId);
        if (start === undefined || turn.parts.ttftMs === undefined) return 0;
        const excess = Math.max(0, size(turn) - start) * line.slope;
        const most = Math.min(excess, waitedMs(turn, 'llm'));
        return [most * 0.6, most, most];
      },
      'a prompt kept as short as at the start of the call; the cost of a token fitted over these turns',
      ['llm'],
    );
    if (!isNoticeable(saving)) return [];
    const from = median(growing.map((call) => prompt(call[0]!)))!;
    const to = median(growing.map((call) => prompt(call.at(-1)!)))!;
    const perThousand = ms(line.slope * 1000);
    return [
      findingOf(this, {
        verdict: `Prompts grow from ${Math.round(from)} to ${Math.round(to)} tokens within a call, and each 1,000 more delay the first token by ${perThousand}.`,
        evidence: [
          evidenceLine(
            `${growing.length} calls; first token later by ${perThousand} per 1,000 uncached tokens, r ${line.r.toFixed(2)}`,
            turns,
            unexplainedTtftMs,
          ),
        ],
        confidence: confidenceFrom(
          line.r < SURE_FIT ? 0.45 : 0.55 + 0.4 * line.r,
          growing.length * 2,
          'the wait correlates with the size of the prompt',
        ),
        saving,
        fix: {
          livekit: TRUNCATE,
          firstword: {
            text: 'Keep prompts within a budget of tokens; whole turns are dropped, never half of one',
            code: 'trimHistory({ messages }, { maxPromptTokens: 4_000, count })',
          },
        },
        check: 'Prompt tokens of the last turn are no more than one and a half times those of the first.',
        experiment:
          'Play one call with the history cut to its last four messages: if late turns stay slow, the prompt is not the cause.',
      }),
    ];
  },
};
