import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Faster than any model writes, except on the inference chips below. */
const MIN_TOKENS_PER_SECOND = 350;
const FAST_HOSTS = /groq|cerebras|sambanova/i;
/** Models that reason: their completion tokens may contain what was never streamed. */
const REASONING = /gpt-5|gpt-oss|\bo[134]\b|qwen3|deepseek-r|r1\b|think|reason/i;
/** Answers as short as this come in one piece anyway. */
const MIN_TOKENS = 15;
const MIN_SHARE = 0.6;
/** How fast the models write that are sold for conversation. */
const USUAL_TOKENS_PER_SECOND = 80;
const FIRST_CLAUSE_TOKENS = 8;

const answerTokens = ({ llm }: EvidenceTurn): number =>
  (llm?.tokens?.completionTokens ?? 0) - (llm?.tokens?.reasoningTokens ?? 0);

/** Whether the time from the first token to the last is known, and the answer long enough to tell. */
const isMeasured = (turn: EvidenceTurn): boolean =>
  turn.parts.streamMs !== undefined &&
  turn.parts.ttftMs !== undefined &&
  answerTokens(turn) >= MIN_TOKENS &&
  !FAST_HOSTS.test(`${turn.llm?.provider} ${turn.llm?.model}`) &&
  !REASONING.test(turn.llm?.model ?? '');

const isBurst = (turn: EvidenceTurn): boolean =>
  answerTokens(turn) / (Math.max(1, turn.parts.streamMs!) / 1000) > MIN_TOKENS_PER_SECOND;

/** The writing of the answer after its first clause, which a stream would have hidden behind the voice. */
const buffered = (turn: EvidenceTurn): number =>
  ((answerTokens(turn) - FIRST_CLAUSE_TOKENS) / USUAL_TOKENS_PER_SECOND) * 1000 - turn.parts.streamMs!;

/** Finds answers that arrive all at once, because something between the model and the agent collects them. */
export const llmBurst: Rule = {
  id: 'llm-burst',
  title: 'The answer arrives all at once',
  looksFor:
    'a first token that comes with the last one: something collects the stream before it reaches the agent',
  needs: 'the duration of LLM requests, the time to first token and the tokens (`llm_metrics` events)',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(isMeasured);
    const turns = measured.filter(isBurst);
    if (turns.length < 3 || turns.length < MIN_SHARE * measured.length) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        if (!members.has(turn)) return 0;
        const likely = Math.min(buffered(turn), waitedMs(turn, 'llm') * 0.8);
        return [likely * 0.5, likely, waitedMs(turn, 'llm') * 0.8];
      },
      `the answer is streamed at ${USUAL_TOKENS_PER_SECOND} tokens a second, and only its first clause is waited for`,
      ['llm'],
    );
    if (!isNoticeable(saving)) return [];
    const first = median(turns.map(({ parts }) => parts.ttftMs!))!;
    const rest = median(turns.map(({ parts }) => parts.streamMs!))!;
    const tokens = Math.round(median(turns.map(answerTokens))!);
    const azure = turns.some(({ llm }) => /azure/i.test(`${llm?.provider}`));
    return [
      findingOf(this, {
        verdict: `The LLM’s answers arrive all at once: nothing for ${ms(first)}, then ${tokens} tokens within ${ms(rest)}. Something between the model and the agent collects the stream${azure ? ', which Azure’s content filter does by default' : ''}.`,
        evidence: [
          evidenceLine(
            `first token after ${ms(first)}, last one ${ms(rest)} later`,
            turns,
            ({ parts }) => parts.ttftMs!,
          ),
        ],
        confidence: confidenceFrom(0.85, turns.length, 'no model of this provider writes that fast'),
        saving,
        fix: sameRemedy(
          azure
            ? 'Set the content filter of the deployment to asynchronous (“Asynchronous Filter”), which streams as the model writes'
            : 'Turn off what buffers responses: a reverse proxy (`proxy_buffering off`), compression, a gateway’s content filter, an API wrapper that does not stream',
        ),
        check: '`duration` − `ttft` of an answer of 40 tokens is some hundred ms.',
        experiment: 'Ask the provider directly with `curl -N` and watch whether the words arrive one by one.',
      }),
    ];
  },
};
