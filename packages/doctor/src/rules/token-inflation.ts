import type { Evidence, EvidenceTurn, ReplyShape } from '../evidence.js';
import { type Amount, confidenceFrom, evidenceLine, mean, percent, savingOn } from '../figures.js';
import type { Saving } from '../finding.js';
import { TOKENS_PER_WORD } from '../references.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { REACHABLE_MS } from './hand-off.js';
import { mainScriptOf } from './main-script.js';

const { english, hindi } = TOKENS_PER_WORD;
/** Above this many tokens a word, the tokenizer handles the script badly. */
const INFLATED = 1.9;
const MIN_WORDS = 4;

const wordsOf = ({ wordsByScript }: ReplyShape): number =>
  Object.values(wordsByScript).reduce((a, b) => a + b, 0);
const foreign = (reply: ReplyShape): number => wordsOf(reply) - (reply.wordsByScript.Latin ?? 0);
const isForeign = ({ reply }: EvidenceTurn): boolean =>
  reply !== undefined && wordsOf(reply) >= MIN_WORDS && foreign(reply) > wordsOf(reply) / 2;

/** Tokens a word of this answer, where both are known. */
function tokensPerWord({ reply, llm }: EvidenceTurn): number | undefined {
  const { completionTokens, reasoningTokens = 0 } = llm?.tokens ?? {};
  return reply && completionTokens ? (completionTokens - reasoningTokens) / wordsOf(reply) : undefined;
}

/** What a tokenizer that knows the script would save of the wait for the first clause. */
function savingWithKnownScript(
  evidence: Evidence,
  turns: readonly EvidenceTurn[],
  measured: number | undefined,
): Saving | undefined {
  const factor = measured ?? hindi.llama3;
  const members = new Set(turns);
  const cost = (turn: EvidenceTurn): Amount => {
    const waited = members.has(turn) ? Math.max(0, waitedMs(turn, 'clause') - REACHABLE_MS) : 0;
    return [0, waited * (1 - hindi.o200k / factor), waited * (1 - english / factor)];
  };
  return savingOn(evidence, cost, 'a tokenizer that knows the script, at the same rate of tokens', [
    'clause',
  ]);
}

function verdictOf(turns: readonly EvidenceTurn[], script: string, measured: number | undefined): string {
  if (measured !== undefined)
    return `A word of ${script} takes ${measured.toFixed(1)} tokens here, an English one ${english}: the first clause comes later by that factor.`;
  const words = turns.reduce((sum, { reply }) => sum + wordsOf(reply!), 0);
  const range = `${Math.round(words * hindi.o200k)} (o200k, gpt-oss) to ${Math.round(words * hindi.cl100k)} (cl100k), Llama 3 ${Math.round(words * hindi.llama3)}`;
  return `The answers are in ${script}: depending on the tokenizer, ${words} words are ${range} tokens, which delays the prompt and the first clause.`;
}

/** Finds languages that take many tokens a word with the model’s tokenizer. */
export const tokenInflation: Rule = {
  id: 'token-inflation',
  title: 'The tokenizer spends many tokens on this script',
  looksFor: 'answers in a script that takes several tokens a word: prompts and first clauses take longer',
  needs: 'the words of the answers; better with completion tokens',
  part: 'hand-off',
  examine(evidence) {
    const turns = evidence.answered.filter(isForeign);
    if (turns.length === 0) return [];
    const measuredTurns = turns.flatMap((turn) => tokensPerWord(turn) ?? []);
    const measured = measuredTurns.length > 0 ? mean(measuredTurns) : undefined;
    if (measured !== undefined && measured < INFLATED) return [];
    const saving = savingWithKnownScript(evidence, turns, measured);
    const script = mainScriptOf(turns);
    const verdict = verdictOf(turns, script, measured);
    return [
      findingOf(this, {
        kind: measured === undefined ? 'unknown' : 'cause',
        verdict,
        evidence: [
          evidenceLine(
            `${percent(turns.length / evidence.answered.length)} of the answers are mostly ${script}`,
            turns,
          ),
          evidenceLine('tokens a word of Hindi: o200k 1.47, Llama 3 2.45, cl100k 4.83; English 1.11', []),
        ],
        confidence: confidenceFrom(
          measured === undefined ? 0.3 : 0.7,
          turns.length,
          measured === undefined ? 'the tokenizer is unknown' : 'tokens and words were both counted',
        ),
        ...(saving ? { saving } : {}),
        fix: {
          livekit: {
            text: 'Use a model with a newer tokenizer (gpt-oss, GPT-4o and later use o200k), and ask for a short first sentence',
            code: "new openai.LLM({ model: 'openai/gpt-oss-120b' })",
          },
          firstword: {
            text: 'The same; count tokens before you choose',
            code: "const { count } = await loadTokenCounter({ model: 'openai/gpt-oss-120b' })",
          },
        },
        check: 'Completion tokens divided by words are below 1.9.',
        ...(measured === undefined
          ? {
              logNext: {
                text: 'Log the tokens of each answer',
                code: 'session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics: m }) => metrics.logMetrics(m));',
              },
            }
          : {}),
      }),
    ];
  },
};
