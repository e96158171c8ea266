import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import {
  type Amount,
  confidenceFrom,
  evidenceLine,
  isNoticeable,
  ms,
  percent,
  savingOn,
} from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** A few reasoning tokens cost no noticeable time. */
const MIN_TOKENS = 20;
const MIN_MS = 40;

const tokens = ({ llm }: EvidenceTurn): number => llm?.tokens?.reasoningTokens ?? 0;

/** Where reasoning and content deltas are not distinguished, estimate by the share of reasoning tokens. */
function costOf(turn: EvidenceTurn): Amount {
  const seen = waitedMs(turn, 'reasoning');
  if (seen > 0) return seen;
  if (tokens(turn) < MIN_TOKENS || turn.parts.firstDeltaMs !== undefined) return 0;
  const waited = waitedMs(turn, 'llm');
  const { completionTokens = 0 } = turn.llm?.tokens ?? {};
  // Tokens are written one after another: the share of those before the answer is the share of the time.
  const share = completionTokens > 0 ? Math.min(1, tokens(turn) / completionTokens) : 0.5;
  return [waited * 0.2, waited * share * 0.9, waited * 0.95];
}

/** Finds models that reason before the first answer token. */
export const hiddenReasoning: Rule = {
  id: 'hidden-reasoning',
  title: 'The model reasons before it answers',
  looksFor: 'reasoning deltas, or reasoning tokens, before the first word',
  needs: 'Firstword’s records, or reasoning tokens',
  part: 'LLM',
  examine(evidence) {
    const turns = evidence.answered.filter(
      (turn) => waitedMs(turn, 'reasoning') >= MIN_MS || tokens(turn) >= MIN_TOKENS,
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? costOf(turn) : 0),
      'no reasoning before the first word; low effort leaves some',
      ['llm', 'reasoning'],
    );
    if (!isNoticeable(saving)) return [];
    const seen = turns.filter((turn) => waitedMs(turn, 'reasoning') > 0);
    const wait = median(seen.map((turn) => waitedMs(turn, 'reasoning')));
    const count = median(turns.map(tokens).filter((one) => one > 0));
    const mostly = turns.every(
      (turn) => tokens(turn) > 0.5 * (turn.llm?.tokens?.completionTokens ?? Number.POSITIVE_INFINITY),
    );
    const often = percent(turns.length / evidence.answered.length);
    const what = [
      wait === undefined ? '' : `for ${ms(wait)}`,
      count === undefined ? '' : `${Math.round(count)} tokens`,
    ]
      .filter(Boolean)
      .join(', ');
    return [
      findingOf(this, {
        verdict: `The model reasons before its first word in ${often} of the turns, ${what}.`,
        evidence: [
          evidenceLine(`first delta to first content, or reasoning tokens: ${what}`, turns, (turn) =>
            waitedMs(turn, 'reasoning'),
          ),
        ],
        confidence: confidenceFrom(
          seen.length > 0 ? 0.93 : mostly ? 0.88 : 0.6,
          turns.length,
          seen.length > 0
            ? 'the reasoning deltas were timed'
            : mostly
              ? 'most tokens of the answers are reasoning, and come before the first word'
              : 'reasoning tokens are reported, their time is not',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Ask for the least effort (`minimal` or `none` where the model knows it; Groq’s default for gpt-oss is medium), turn thinking off where the server has a switch for it (vLLM and Ollama with Qwen: `enable_thinking: false`, `think: false`), or take a model that does not reason',
            code: "new inference.LLM({ model, modelOptions: { reasoning_effort: 'low' } })",
            python: 'openai.LLM(model=model, reasoning_effort="low")',
          },
          firstword: {
            text: 'gpt-oss is asked for low effort, Gemini for none, unless you set it',
            code: "groq({ model: 'openai/gpt-oss-120b', extra: { reasoning_effort: 'low' } })",
          },
        },
        check: '`reasoningTokens` falls, and the `reasoning` segment is gone from the ledger.',
        experiment:
          'Send one request with `reasoning_effort: low` and one with `high`: the difference of their first content is what reasoning costs.',
      }),
    ];
  },
};
