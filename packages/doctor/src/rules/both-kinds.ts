import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** Fewer turns of a kind say little about it. */
const MIN_TURNS = 6;
/** A smaller difference of medians is chance. */
const MIN_DIFFERENCE_MS = 120;

/** The turns of both kinds in one set of data. */
export interface BothKinds {
  realtime: readonly EvidenceTurn[];
  cascade: readonly EvidenceTurn[];
  realtimeMs: number;
  cascadeMs: number;
}

const gapOf = ({ gapMs }: EvidenceTurn): number => gapMs!;

/** Turns of a realtime model and of a cascade, measured alike; `undefined` where one of them has too few. */
export function bothKinds({ answered }: Evidence): BothKinds | undefined {
  const felt = answered.filter(({ measure }) => measure === 'feltGap');
  const realtime = felt.filter(({ isRealtime }) => isRealtime);
  const cascade = felt.filter(({ isRealtime }) => !isRealtime);
  if (realtime.length < MIN_TURNS || cascade.length < MIN_TURNS) return undefined;
  return {
    realtime,
    cascade,
    realtimeMs: median(realtime.map(gapOf))!,
    cascadeMs: median(cascade.map(gapOf))!,
  };
}

/** The turns of one kind, and what they are called in a finding. */
interface Kind {
  turns: readonly EvidenceTurn[];
  medianMs: number;
  /** Such as `the cascade`. */
  name: string;
}

/** The finding that one kind of the user's own turns is clearly slower than the other; none if it is not. */
export function slowerKind(
  rule: Rule,
  evidence: Evidence,
  found: { slower: Kind; faster: Kind; verdict: string; premise: string } & Pick<Finding, 'fix' | 'check'>,
): Finding[] {
  const { slower, faster, verdict, premise, fix, check } = found;
  if (slower.medianMs - faster.medianMs <= MIN_DIFFERENCE_MS) return [];
  const members = new Set(slower.turns);
  const saving = savingOn(
    evidence,
    (turn) => (members.has(turn) ? gapOf(turn) - faster.medianMs : 0),
    premise,
  );
  if (!isNoticeable(saving)) return [];
  const line = ({ name, medianMs }: Kind) => `turns of ${name}, median ${ms(medianMs)}`;
  return [
    findingOf(rule, {
      verdict,
      evidence: [evidenceLine(line(slower), slower.turns, gapOf), evidenceLine(line(faster), faster.turns)],
      confidence: confidenceFrom(
        0.8,
        Math.min(slower.turns.length, faster.turns.length),
        'both were measured; their callers and words may differ',
      ),
      saving,
      fix,
      check,
    }),
  ];
}

/** What a turn waits for after its end is known, without the user’s own code and the transport, ms. */
export const answerMs = (turn: EvidenceTurn): number =>
  waitedMs(
    turn,
    'realtimeModel',
    'rescue',
    'connection',
    'request',
    'llm',
    'reasoning',
    'failover',
    'clause',
    'held',
    'voice',
    'silence',
  );
