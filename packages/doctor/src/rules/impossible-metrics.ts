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

/** Weight of a turn without figures that can be true, ms, where all turns are like that. */
const IMPOSSIBLE_TURN_MS = 1_500;
/** A smaller share of wrong turns does not put the others in doubt. */
const MIN_SHARE = 0.1;
const NO_TOTAL_TURN_MS = 300;

/** Answers that were spoken and have no end-to-end time, although other turns of the same export have one. */
function withoutTotal({ turns }: Evidence): EvidenceTurn[] {
  const measured = turns.filter(({ measure, gapMs }) => measure === 'firstFrame' && gapMs !== undefined);
  if (measured.length === 0) return [];
  return turns.filter(
    ({ measure, parts, interrupted, from }) =>
      measure === 'reportedParts' &&
      from === measured[0]!.from &&
      !interrupted &&
      parts.ttftMs !== undefined &&
      parts.ttsMs !== undefined,
  );
}

function noTotal(rule: Rule, evidence: Evidence): Finding[] {
  const turns = withoutTotal(evidence);
  const share = turns.length / Math.max(1, evidence.turns.length);
  if (turns.length === 0 || share < MIN_SHARE) return [];
  const tools = turns.filter(({ toolCalls }) => toolCalls > 0).length;
  const after = tools > 0 ? `; ${tools} of them followed a tool call or a hand-over to another agent` : '';
  return [
    findingOf(rule, {
      kind: 'data',
      verdict: `${turns.length} of ${evidence.turns.length} turns have no \`e2e_latency\`, although they were answered${after}: their silence is not measured, only their parts are.`,
      evidence: [evidenceLine('`llm_node_ttft` and `tts_node_ttfb` without `e2e_latency`', turns)],
      confidence: confidenceFrom(0.95, turns.length, 'the figure is not in the data'),
      leastWeightMs: share * NO_TOTAL_TURN_MS,
      fix: sameRemedy(
        'Time these turns yourself: LiveKit gives a reply its `e2e_latency` only if it still has the caller’s message when the reply begins, which is not so after a hand-over',
      ),
      check: 'Every answered turn has an `e2e_latency`.',
      logNext: LOG_TURNS,
    }),
  ];
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
    if (odd.length === 0) return [...noTotal(this, evidence), ...unanchored(this, evidence)];
    const turns = new Set(odd.flatMap(({ turns: of }) => of));
    const impossible = new Set(evidence.turns.filter(({ impossibleValues }) => impossibleValues.length > 0));
    return [
      findingOf(this, {
        kind: 'data',
        verdict: `${turns.size} of ${evidence.turns.length} ${evidence.turns.length === 1 ? 'turn has' : 'turns have'} figures that cannot be true: ${odd[0]!.what}. They are left out of all other findings.`,
        evidence: odd.slice(0, 5).map(({ what, turns: of }) => evidenceLine(what, of)),
        confidence: confidenceFrom(0.95, turns.size, 'it contradicts itself'),
        ...(impossible.size >= MIN_SHARE * evidence.turns.length && impossible.size > 0
          ? { leastWeightMs: (impossible.size / evidence.turns.length) * IMPOSSIBLE_TURN_MS }
          : {}),
        fix: sameRemedy(
          'Metrics of a chat history are in seconds, those of `metrics_collected` in Node in milliseconds, in Python in seconds; −1 there means “never”',
        ),
        check: 'This finding is gone.',
        logNext: LOG_TURNS,
      }),
      ...noTotal(this, evidence),
      ...unanchored(this, evidence),
    ];
  },
};
