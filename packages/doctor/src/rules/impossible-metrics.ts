import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, percent } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { findingOf, LOG_TURNS, sameRemedy } from './finding-of.js';

/** Parts may exceed the whole by rounding and one audio frame. */
const TOLERANCE_MS = 50;
/** Timestamps of one call may go back by this much: messages are stamped when they are written. */
const SKEW_MS = 2_000;
/** A larger share of turns without an end is a fault of the log, not callers who hung up. */
const MAX_WITHOUT = 0.5;

interface Oddity {
  what: string;
  turns: EvidenceTurn[];
}

const isLonger = (ms: number | undefined, turn: EvidenceTurn): boolean =>
  ms !== undefined &&
  turn.gapMs !== undefined &&
  turn.measure === 'firstFrame' &&
  ms > turn.gapMs + TOLERANCE_MS;

function skewed(calls: Evidence['calls']): EvidenceTurn[] {
  return calls.flatMap((call) =>
    call.filter((turn, at) => at > 0 && turn.atMs < call[at - 1]!.atMs - SKEW_MS),
  );
}

function odditiesOf({ turns, calls }: Evidence): Oddity[] {
  const named = new Map<string, EvidenceTurn[]>();
  for (const turn of turns)
    for (const what of turn.impossibleValues) named.set(what, [...(named.get(what) ?? []), turn]);
  return [
    ...[...named].map(([what, of]) => ({ what, turns: of })),
    {
      what: 'a first token that took longer than the whole turn: it was begun while the caller still spoke, or its unit is wrong',
      turns: turns.filter((turn) => isLonger(turn.parts.ttftMs, turn)),
    },
    {
      what: 'an end of turn later than the first frame',
      turns: turns.filter((turn) => isLonger(turn.parts.endOfTurnMs, turn)),
    },
    {
      what: 'an answer heard before the caller had finished',
      turns: turns.filter(({ problem }) => problem?.includes('before the caller')),
    },
    { what: 'turns that go back in time within their call: clocks differ', turns: skewed(calls) },
  ].filter(({ turns: of }) => of.length > 0);
}

function unanchored(rule: Rule, { turns }: Evidence): Finding[] {
  const without = turns.filter(
    ({ gapMs, interrupted, outcome, impossibleValues }) =>
      gapMs === undefined &&
      !interrupted &&
      (outcome === undefined || outcome === 'answered') &&
      impossibleValues.length === 0,
  );
  if (without.length === 0 || without.length < MAX_WITHOUT * turns.length) return [];
  return [
    findingOf(rule, {
      kind: 'data',
      verdict: `${percent(without.length / turns.length)} of the turns have no start or no end: their silence cannot be measured.`,
      evidence: [evidenceLine(without[0]!.problem ?? 'no end-to-end time', without)],
      confidence: confidenceFrom(0.95, without.length, 'the anchors are not in the data'),
      fix: sameRemedy(
        'Export the messages of both sides: without the caller’s `stopped_speaking_at` there is no `e2e_latency`',
      ),
      check: 'Most turns have a gap in `firstword report`.',
      logNext: LOG_TURNS,
    }),
  ];
}

/** Finds figures that contradict each other or cannot be true. */
export const impossibleMetrics: Rule = {
  id: 'impossible-metrics',
  title: 'Metrics that cannot be true',
  looksFor:
    'missing anchors, seconds for milliseconds, negative parts, parts longer than the whole, clocks that go back',
  needs: 'anything',
  part: 'data',
  examine(evidence) {
    const odd = odditiesOf(evidence).sort((a, b) => b.turns.length - a.turns.length);
    if (odd.length === 0) return unanchored(this, evidence);
    const turns = new Set(odd.flatMap(({ turns: of }) => of));
    return [
      findingOf(this, {
        kind: 'data',
        verdict: `${turns.size} of ${evidence.turns.length} ${evidence.turns.length === 1 ? 'turn has' : 'turns have'} figures that cannot be true: ${odd[0]!.what}. They are left out of all other findings.`,
        evidence: odd.slice(0, 5).map(({ what, turns: of }) => evidenceLine(what, of)),
        confidence: confidenceFrom(0.95, turns.size, 'it contradicts itself'),
        fix: sameRemedy(
          'Metrics of a chat history are in seconds, those of `metrics_collected` in Node in milliseconds, in Python in seconds; −1 there means “never”',
        ),
        check: 'This finding is gone.',
        logNext: LOG_TURNS,
      }),
      ...unanchored(this, evidence),
    ];
  },
};
