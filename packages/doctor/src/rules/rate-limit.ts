import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn, valuesOf } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** A queue this short is normal for a shared service. */
const USUAL_QUEUE_MS = 40;
/** With fewer requests of the same size left than this, the next burst is refused. */
const NEAR_REQUESTS = 5;

const queueMs = ({ llm }: EvidenceTurn): number | undefined => llm?.providerTime?.queueMs;

const FIX: Finding['fix'] = {
  livekit: {
    text: 'Raise the tier or spread the load over keys and providers; keep max tokens small: some limiters reserve them up front',
    code: 'new openai.LLM({ model, maxCompletionTokens: 200 })',
    python: 'openai.LLM(model=model, max_completion_tokens=200)',
  },
  firstword: {
    text: 'The router reads the remaining headroom of each limit and sends elsewhere before it is used up',
    code: "router({ models: [groq({ model, serviceTier: 'performance' }), cerebras({ model })] })",
  },
};

function isNearLimit({ llm }: EvidenceTurn): boolean {
  const { requests, tokens } = llm?.headroom ?? {};
  const prompt = llm?.tokens?.promptTokens;
  if (requests !== undefined && requests < NEAR_REQUESTS) return true;
  return tokens !== undefined && prompt !== undefined && tokens < NEAR_REQUESTS * prompt;
}

const isLimited = ({ llm }: EvidenceTurn): boolean =>
  llm?.attempts?.some(({ error }) => error?.includes('rate_limited') || error?.includes('429')) ?? false;

function queueing(rule: Rule, evidence: Evidence): Finding[] {
  const measured = evidence.answered.filter((turn) => queueMs(turn) !== undefined);
  const queued = measured.filter((turn) => queueMs(turn)! > USUAL_QUEUE_MS);
  const members = new Set(queued);
  const saving = savingOn(
    evidence,
    (turn) => (members.has(turn) ? Math.min(queueMs(turn)! - USUAL_QUEUE_MS, waitedMs(turn, 'llm')) : 0),
    `no more than ${USUAL_QUEUE_MS} ms in the provider’s queue`,
    ['llm'],
  );
  if (!isNoticeable(saving)) return [];
  const wait = median(valuesOf(queued, queueMs))!;
  const near = queued.filter(isNearLimit).length;
  const nearText = near > 0 ? `; ${near} of them with the rate limit nearly spent` : '';
  return [
    findingOf(rule, {
      verdict: `${percent(queued.length / measured.length)} of the requests wait in the provider’s queue, for a median of ${ms(wait)}${nearText}.`,
      evidence: [
        evidenceLine(
          `queue time as reported by the provider, median ${ms(wait)}`,
          queued,
          (turn) => queueMs(turn)!,
        ),
      ],
      confidence: confidenceFrom(0.94, queued.length, 'the provider itself reports its queue time'),
      saving,
      fix: FIX,
      check: '`llm.providerTime.queueMs` stays below 40 ms at your busiest hour.',
      experiment:
        'Send requests at a quiet hour, or with another account’s key: a queue disappears, other causes remain.',
    }),
  ];
}

const wasRefused = (turn: EvidenceTurn): boolean => turn.events.some(({ kind }) => kind === 'rate limited');

/** The pauses before the retries, where the time to first token does not contain them. */
const pausesMs = ({ events }: EvidenceTurn): number =>
  events
    .filter(({ kind }) => kind === 'rate limited' || kind === 'llm retried')
    .reduce((sum, { ms: pause = 0 }) => sum + pause, 0);

/** Refusals within turns: those turns against the others. */
function refusals(rule: Rule, evidence: Evidence): Finding[] {
  const turns = evidence.answered.filter(wasRefused);
  if (turns.length === 0) return [];
  const others = evidence.answered.filter((turn) => !wasRefused(turn));
  const usual = median(valuesOf(others, ({ parts }) => parts.ttftMs));
  const members = new Set(turns);
  const lost = (turn: EvidenceTurn): number =>
    Math.max(usual === undefined ? 0 : (turn.parts.ttftMs ?? 0) - usual, pausesMs(turn));
  const saving = savingOn(
    evidence,
    (turn) => (members.has(turn) ? lost(turn) : 0),
    usual === undefined
      ? 'no pause before a retry'
      : `a first token after ${ms(usual)}, as in the turns without a refusal`,
  );
  if (!isNoticeable(saving)) return [];
  const middle = median(turns.map(lost))!;
  return [
    findingOf(rule, {
      verdict: `In ${turns.length} of ${evidence.answered.length} turns the provider refuses the request for its rate limit (429) and is asked again: these turns wait ${ms(middle)} longer than the others.`,
      evidence: [
        evidenceLine(
          usual === undefined
            ? 'a refusal within the turn'
            : `a refusal within the turn; first token after ${ms(usual)} in the others`,
          turns,
          lost,
        ),
      ],
      confidence: confidenceFrom(0.96, turns.length * 2, 'the refusal is in the log, within the slow turn'),
      saving,
      fix: FIX,
      check: 'No 429 in a busy hour, and no turn with a retry.',
      experiment:
        'Make the same call with another account’s key or at a quiet hour: without refusals it is as fast as the other turns.',
    }),
  ];
}

/** Reported without a figure: no time is lost yet, or only in refusals. */
function nearness(rule: Rule, evidence: Evidence): Finding[] {
  const near = evidence.turns.filter((turn) => isNearLimit(turn) || isLimited(turn));
  const refused = evidence.events.filter(({ kind }) => kind === 'rate limited');
  if (evidence.events.some(({ kind }) => kind === 'quota used up')) return [];
  if (near.length === 0 && refused.length === 0) return [];
  const saids = [
    near.length > 0
      ? `${near.length} requests had nearly nothing left of a rate limit, or were refused by it`
      : '',
    refused.length > 0 ? `the log contains ${refused.length} refusals (429)` : '',
  ].filter(Boolean);
  return [
    findingOf(rule, {
      verdict: `You are at your provider’s rate limit: ${saids.join('; ')}.`,
      evidence: [
        evidenceLine(saids.join('; '), near),
        ...refused.slice(0, 2).map(({ place }) => evidenceLine(`refused at ${place}`, [])),
      ],
      confidence: confidenceFrom(
        0.9,
        near.length + refused.length,
        'the provider says so in its headers or refusals',
      ),
      fix: FIX,
      check: 'No 429 in a busy hour, and headroom for five more requests of your usual size.',
    }),
  ];
}

/** Finds requests that wait in the provider’s queue or are refused for a rate limit. */
export const rateLimit: Rule = {
  id: 'rate-limit',
  title: 'Queueing at the rate limit',
  looksFor: 'time in the provider’s queue, refusals, and limits that are nearly used up',
  needs: 'a provider that reports it (Groq, Cerebras, vLLM), rate-limit headers, or a log with refusals',
  part: 'LLM',
  examine(evidence) {
    const found = [...refusals(this, evidence), ...queueing(this, evidence)].slice(0, 1);
    return found.length > 0 ? found : nearness(this, evidence);
  },
};
