import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Steps without work take a few ms; more than this in a turn means that something blocks the thread. */
const MIN_MS = 80;
const USUAL_MS = 15;
/** In a smaller share of turns than this it was an isolated event. */
const MIN_SHARE = 0.25;

/** Hand-offs within one process: they need no work, so time spent there means that the thread is busy elsewhere. */
function idleMs(turn: EvidenceTurn): number {
  const reused = turn.llm?.connection?.state === 'reused' ? waitedMs(turn, 'connection') : 0;
  return waitedMs(turn, 'handOff', 'request') + reused;
}

/** Finds work that blocks the event loop, and so delays every step of a turn. */
export const eventLoopBlocked: Rule = {
  id: 'event-loop-blocked',
  title: 'The event loop is blocked',
  looksFor: 'time lost in steps that only pass something on, or warnings about it',
  needs: 'Firstword’s records, or a log',
  part: 'machine',
  examine(evidence) {
    const events = evidence.events.filter(({ kind }) => kind === 'event loop blocked');
    const slow = evidence.answered.filter((turn) => idleMs(turn) > MIN_MS);
    const turns = slow.length >= MIN_SHARE * evidence.answered.length ? slow : [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? idleMs(turn) - USUAL_MS : 0),
      `hand-offs of ${USUAL_MS} ms in all`,
      ['handOff', 'request', 'connection'],
    );
    if (events.length === 0 && (turns.length === 0 || !isNoticeable(saving))) return [];
    const lost =
      turns.length > 0
        ? `${turns.length} turns lose ${ms(median(turns.map(idleMs))!)} in steps that only hand something on`
        : '';
    const said = events.length > 0 ? `the log warns ${events.length} times` : '';
    return [
      findingOf(this, {
        verdict: `Something blocks the agent’s only thread: ${[lost, said].filter(Boolean).join('; ')}.`,
        evidence: [
          ...(turns.length > 0
            ? [evidenceLine('hand-offs and sending, where no work is done', turns, idleMs)]
            : []),
          ...events.slice(0, 2).map(({ place }) => evidenceLine(`warned at ${place}`, [])),
        ],
        confidence: confidenceFrom(
          events.length > 0 ? 0.9 : 0.75,
          turns.length + events.length,
          'nothing else runs in those steps; too little CPU looks the same',
        ),
        ...(isNoticeable(saving) ? { saving, delaysEveryStepMs: median(turns.map(idleMs))! } : {}),
        fix: sameRemedy(
          'Move synchronous work (JSON of megabytes, gzipSync, ONNX set-up, file reads) to a worker',
          "import { monitorEventLoopDelay } from 'node:perf_hooks';\nconst lag = monitorEventLoopDelay(); lag.enable();",
        ),
        check: 'The 99th percentile of the event loop’s delay in a call is below 20 ms.',
        experiment:
          'Run one call with `node --cpu-prof`: the longest synchronous stretch between two frames is the cause.',
      }),
    ];
  },
};
