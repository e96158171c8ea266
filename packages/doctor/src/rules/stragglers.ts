import { ascending, groupBy, median, percentile } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Confidence } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const MIN_TURNS = 6;
/** A straggler exceeds this multiple of the median, and this many ms. */
const FACTOR = 3;
const MIN_LATE_MS = 400;
/** Up to this share, slow requests are a tail; above it, the provider may be overloaded; more than that are no exceptions. */
const USUAL_SHARE = 0.25;
const MAX_SHARE = 0.5;

const wait = (turn: EvidenceTurn): number => waitedMs(turn, 'llm', 'request');
const wasHedged = ({ llm }: EvidenceTurn): boolean =>
  llm?.attempts?.some(({ reason }) => reason === 'hedge') ?? false;
/** Skip slow requests that have a known cause (queueing, broken prefix, failover). */
const hasReason = ({ llm, events }: EvidenceTurn): boolean =>
  events.some(
    ({ kind }) => kind === 'rate limited' || kind === 'llm retried' || kind === 'event loop blocked',
  ) ||
  (llm?.providerTime?.queueMs ?? 0) > MIN_LATE_MS ||
  llm?.prefixBreak !== undefined ||
  (llm?.attempts?.some(({ reason }) => reason === 'failover' || reason === 'replace') ?? false);

function sureness(late: number, all: number): Confidence {
  const seen = 'other requests to the same model were fast, before and after';
  return late > USUAL_SHARE * all
    ? confidenceFrom(
        0.65,
        late + 1,
        `${seen}; so many slow ones can also come from a queue, or from something that only these turns have`,
      )
    : confidenceFrom(0.85, late + 1, seen);
}

/** Finds models with a few requests that are far slower than the rest. */
export const stragglers: Rule = {
  id: 'stragglers',
  title: 'A few requests are very slow',
  looksFor: 'a tail of first tokens far beyond the median, with no second request to rescue them',
  needs: 'a time to first token, over six turns or more of one model',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(({ parts }) => parts.ttftMs !== undefined);
    const groups = groupBy(measured, ({ llm }) => `${llm?.provider} ${llm?.model}`);
    return [...groups.values()].flatMap((group) => {
      const middle = median(group.map(wait))!;
      const late = group.filter(
        (turn) =>
          wait(turn) > FACTOR * middle &&
          wait(turn) > middle + MIN_LATE_MS &&
          !wasHedged(turn) &&
          !hasReason(turn),
      );
      // A slow first turn belongs to the rule `first-turn`.
      const tail = late.filter(({ turn }) => turn > 1);
      if (group.length < MIN_TURNS || tail.length === 0 || tail.length > MAX_SHARE * group.length) return [];
      const members = new Set(tail);
      const hedgeAfter = percentile(ascending(group.filter((turn) => !members.has(turn)).map(wait)), 95);
      const saving = savingOn(
        evidence,
        (turn) => {
          if (!members.has(turn)) return 0;
          const rescued = wait(turn) - hedgeAfter - middle;
          return [rescued * 0.6, rescued, wait(turn) - hedgeAfter];
        },
        `a second request after ${ms(hedgeAfter)} (your p95 without them), as fast as your median; the two are slow independently`,
        ['llm', 'request'],
      );
      if (!isNoticeable(saving)) return [];
      const worst = Math.max(...tail.map(wait));
      return [
        findingOf(this, {
          verdict: `${tail.length} of ${group.length} requests (${percent(tail.length / group.length)}) are stragglers: up to ${ms(worst)}, where the median is ${ms(middle)}.`,
          evidence: [evidenceLine(`later than ${FACTOR} medians, and not hedged`, tail, wait)],
          confidence: sureness(tail.length, group.length),
          saving,
          fix: {
            livekit: {
              text: 'LiveKit has neither hedging nor a deadline for the first token: put a router behind its OpenAI plugin',
              code: "new openai.LLM({ model, baseURL: 'http://127.0.0.1:PORT/v1' }) // an endpoint that hedges",
              python:
                'openai.LLM(model=model, base_url="http://127.0.0.1:PORT/v1")  # an endpoint that hedges',
            },
            firstword: {
              text: 'Send a second request when the first is later than usual, best to another provider',
              code: 'router({ models: [a, b], hedge: { budget: 0.1 } })',
            },
          },
          check: 'p99 of the time to first content comes near p95; `attempts` shows hedges that won.',
          experiment:
            'Hedge one call to the same provider and one to another: if only the other helps, the provider itself has slow moments.',
        }),
      ];
    });
  },
};
