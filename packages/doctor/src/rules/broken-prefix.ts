import { groupBy, median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import {
  type Amount,
  confidenceFrom,
  evidenceLine,
  isNoticeable,
  percent,
  savingOn,
  valuesOf,
} from '../figures.js';
import type { Finding, Saving } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Below this no provider caches (OpenAI from 1,024 tokens; others later). */
const MIN_CACHED_TOKENS = 1024;
const MIN_TURNS = 3;
/** Below this cached share of a prompt that was mostly sent before, the cache does not work. */
const MIN_CACHED_SHARE = 0.2;

type Break = NonNullable<NonNullable<EvidenceTurn['llm']>['prefixBreak']>;

/** Whether a change of the tool definitions broke the prefix. */
export const isToolBreak = ({ at }: Break): boolean => at === 'tools';

/** OpenAI's published gain of a cached prefix, of the time to first token: 7 % at 1,000 tokens, 67 % at 150,000. */
function publishedGain(tokens: number): number {
  const along = Math.log(Math.max(1, tokens / 1000)) / Math.log(150);
  return Math.min(0.67, 0.07 + 0.6 * along);
}

/** The cost of a break: the recorded one, or else how much later it answered than turns without a break. */
export function breakSaving(
  evidence: Evidence,
  broken: readonly EvidenceTurn[],
  assumes: string,
): Saving | undefined {
  const members = new Set(broken);
  const others = evidence.answered.filter(({ llm }) => llm && !llm.prefixBreak);
  const usual = median(valuesOf(others, ({ parts }) => parts.ttftMs));
  const cost = (turn: EvidenceTurn): Amount => {
    if (!members.has(turn)) return 0;
    const waited = waitedMs(turn, 'llm');
    const recordedMs = turn.llm?.prefixBreak?.costMs;
    if (recordedMs !== undefined) {
      const likelyMs = Math.min(recordedMs, waited);
      return [0.7 * likelyMs, likelyMs, Math.min(1.3 * recordedMs, waited)];
    }
    const later = usual === undefined || turn.parts.ttftMs === undefined ? 0 : turn.parts.ttftMs - usual;
    const lost = turn.llm?.prefixBreak?.lostTokens ?? turn.llm?.tokens?.promptTokens ?? 0;
    const likely = Math.max(Math.min(later, waited), waited * publishedGain(lost));
    return [waited * 0.07, likely, Math.max(likely, waited * 0.67)];
  };
  return savingOn(evidence, cost, assumes, ['llm']);
}

const placeOf = ({ at, what }: Break): string =>
  at === 'tools' ? `the tools ${what}` : `the ${at.role} message ${at.message} ${what}`;

function broken(rule: Rule, evidence: Evidence): Finding[] {
  const turns = evidence.answered.filter(({ llm }) => llm?.prefixBreak && !isToolBreak(llm.prefixBreak));
  const saving = breakSaving(evidence, turns, 'the unbroken prefix is read from the cache, as it was before');
  if (turns.length === 0 || !isNoticeable(saving)) return [];
  const by = [...groupBy(turns, ({ llm }) => placeOf(llm!.prefixBreak!))].sort(
    (a, b) => b[1].length - a[1].length,
  );
  const [what, mostly] = by[0]!;
  const lost = median(valuesOf(turns, ({ llm }) => llm?.prefixBreak?.lostTokens));
  const lostText = lost === undefined ? '' : `, ${Math.round(lost)} tokens at a time`;
  return [
    findingOf(rule, {
      verdict: `The cached prompt prefix is lost in ${turns.length} turns${lostText}: ${what}.`,
      evidence: by.slice(0, 3).map(([text, own]) => evidenceLine(`${text}, n ${own.length}`, own)),
      confidence: confidenceFrom(0.92, turns.length, 'each request was compared with the one before it'),
      saving,
      fix: sameRemedy(mostly[0]!.llm!.prefixBreak!.advice),
      check: '`llm.prefixBreak` is absent from the records, and `cachedTokens` grows with the prompt.',
    }),
  ];
}

/** Token counts are known, prompts are long enough, and hardly any tokens come from the cache. */
function uncached(rule: Rule, evidence: Evidence): Finding[] {
  const later = evidence.calls.flatMap((call) => call.slice(1));
  const able = later.filter(({ llm, gapMs }) => {
    const { promptTokens = 0, cachedTokens } = llm?.tokens ?? {};
    return (
      promptTokens >= MIN_CACHED_TOKENS &&
      cachedTokens !== undefined &&
      !llm?.prefixBreak &&
      gapMs !== undefined
    );
  });
  // LiveKit writes 0 where the provider reports no cached tokens at all: only a provider that sometimes does is evidence.
  if (!evidence.turns.some(({ llm }) => (llm?.tokens?.cachedTokens ?? 0) > 0)) return [];
  const cached = able.reduce((sum, { llm }) => sum + llm!.tokens!.cachedTokens!, 0);
  const sent = able.reduce((sum, { llm }) => sum + llm!.tokens!.promptTokens!, 0);
  if (able.length < MIN_TURNS || cached / sent >= MIN_CACHED_SHARE) return [];
  const members = new Set(able);
  const saving = savingOn(
    evidence,
    (turn) => {
      const waited = members.has(turn) ? waitedMs(turn, 'llm') : 0;
      return [waited * 0.07, waited * publishedGain(turn.llm?.tokens?.promptTokens ?? 0), waited * 0.67];
    },
    'OpenAI’s published gain of a cached prefix: 7 % of the time to first token at 1,000 tokens, 67 % at 150,000',
    ['llm'],
  );
  if (!isNoticeable(saving)) return [];
  return [
    findingOf(rule, {
      verdict: `Only ${percent(cached / sent)} of the prompts come from the provider’s cache, although most of each was sent before.`,
      evidence: [
        evidenceLine(
          `${able.length} turns after the first of a call, ${Math.round(sent / able.length)} tokens each`,
          able,
        ),
      ],
      confidence: confidenceFrom(
        0.5,
        able.length,
        'that nothing is cached is reported; what breaks the prefix is not',
      ),
      saving,
      fix: {
        livekit: {
          text: 'Put what changes (time, names, retrieved text) after the history, and send a cache key',
          code: "new inference.LLM({ model, modelOptions: { prompt_cache_key: 'agent-v1' } })",
        },
        firstword: {
          text: 'It sets the key, and reports what breaks the prefix in `trace.prefixBreak`',
          code: 'new FirstwordLLM(openai({ model }))',
        },
      },
      check: '`cachedTokens` is most of `promptTokens` from the second turn on.',
      logNext: {
        text: 'Use the linter to find which message changed',
        code: "import { lintPrefix } from '@firstword/llm';\nlintPrefix(previousRequest, request);",
      },
    }),
  ];
}

/** Finds prompts whose cached prefix changed, and prompts that the provider never caches. */
export const brokenPrefix: Rule = {
  id: 'broken-prefix',
  title: 'The prompt’s cached prefix is broken, or never cached',
  looksFor: 'a change to what was already sent, which makes the provider process the whole prompt again',
  needs: 'Firstword’s records, or cached tokens',
  part: 'LLM',
  examine(evidence) {
    const found = broken(this, evidence);
    return found.length > 0 ? found : uncached(this, evidence);
  },
};
