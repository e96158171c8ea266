import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn, RunEvent } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Confidence } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { eventsMs, eventsWhileWaiting, isStarved, SHARE_IN_DOUBT, UNRESPONSIVE_MS } from './machine-late.js';

/** Steps without work take a few ms; more than this in a turn means that something blocks the thread. */
const MIN_MS = 80;
const USUAL_MS = 15;
/** In a smaller share of turns than this it was an isolated event. */
const MIN_SHARE = 0.25;

const REPORTS: readonly RunEvent['kind'][] = ['event loop blocked', 'process unresponsive'];

/** Hand-offs within one process: they need no work, so time spent there means that the thread is busy elsewhere. */
function idleMs(turn: EvidenceTurn): number {
  const reused = turn.llm?.connection?.state === 'reused' ? waitedMs(turn, 'connection') : 0;
  return waitedMs(turn, 'handOff', 'request') + reused;
}

/** How long a process did not answer its worker while the caller waited, ms. */
const silentMs = (turn: EvidenceTurn): number =>
  Math.max(
    0,
    ...eventsWhileWaiting(turn, ['process unresponsive']).map(({ ms: late = UNRESPONSIVE_MS }) => late),
  );

/** How long the thread stood still in this turn, by LiveKit's own reports. */
function reportedMs(turn: EvidenceTurn, evidence: Evidence): number {
  const blockedMs = eventsMs(turn, ['event loop blocked']);
  return isStarved(evidence) ? blockedMs : Math.max(blockedMs, silentMs(turn));
}

function sureness(turns: number, isReported: boolean, isCertain: boolean): Confidence {
  if (isCertain) return confidenceFrom(0.93, turns, 'LiveKit measured it');
  return isReported
    ? confidenceFrom(0.65, turns, 'nothing says that the machine is too busy, which would look the same')
    : confidenceFrom(0.75, turns, 'nothing else runs in those steps; too little CPU looks the same');
}

/** Finds work that blocks the event loop, and so delays every step of a turn. */
export const eventLoopBlocked: Rule = {
  id: 'event-loop-blocked',
  title: 'The event loop is blocked',
  looksFor:
    'time lost in steps that only pass something on, or LiveKit’s reports of a blocked event loop within a turn',
  needs: 'Firstword’s records, a log or traces',
  part: 'machine',
  examine(evidence) {
    const seenMs = (turn: EvidenceTurn) => reportedMs(turn, evidence);
    const lostMs = (turn: EvidenceTurn) => Math.max(idleMs(turn) - USUAL_MS, seenMs(turn));
    const reported = evidence.answered.filter((turn) => seenMs(turn) > MIN_MS);
    const slow = evidence.answered.filter((turn) => idleMs(turn) > MIN_MS);
    const turns = new Set([
      ...reported,
      ...(slow.length >= MIN_SHARE * evidence.answered.length ? slow : []),
    ]);
    const saving = savingOn(
      evidence,
      (turn) => (turns.has(turn) ? lostMs(turn) : 0),
      `hand-offs of ${USUAL_MS} ms in all, and a thread that is never blocked`,
      reported.length > 0 ? [] : ['handOff', 'request', 'connection'],
    );
    if (turns.size === 0 || !isNoticeable(saving)) return [];
    const members = [...turns];
    const lost = `${turns.size} turns lose ${ms(median(members.map(lostMs))!)}${reported.length > 0 ? '' : ' in steps that only hand something on'}`;
    const reports = new Set(reported.flatMap((turn) => eventsWhileWaiting(turn, REPORTS))).size;
    // The worker only asks now and then, and does not know why the process was late.
    const isCertain = reported.some((turn) => eventsMs(turn, ['event loop blocked']) > 0);
    const said = reports > 0 ? `LiveKit reports it ${reports} times while callers wait` : '';
    return [
      findingOf(this, {
        verdict: `Something blocks the agent’s only thread: ${[lost, said].filter(Boolean).join('; ')}.`,
        evidence: [
          reported.length > 0
            ? evidenceLine(
                isCertain
                  ? 'the event loop was blocked while the caller waited'
                  : 'the process did not answer its worker while the caller waited',
                reported,
                seenMs,
              )
            : evidenceLine('hand-offs and sending, where no work is done', members, idleMs),
        ],
        confidence: sureness(turns.size + reported.length, reported.length > 0, isCertain),
        saving,
        ...(turns.size > SHARE_IN_DOUBT * evidence.answered.length
          ? { delaysEveryStepMs: median(members.map(lostMs))! }
          : {}),
        fix: {
          livekit: {
            text: 'Move synchronous work (file reads, JSON of megabytes, compression, model set-up) off the agent’s thread',
            code: "import { monitorEventLoopDelay } from 'node:perf_hooks';\nconst lag = monitorEventLoopDelay(); lag.enable();",
            python: 'rows = await asyncio.to_thread(read_rows, path)  # instead of read_rows(path)',
          },
          firstword: { text: 'Move synchronous work to a worker thread: Firstword runs on the same thread' },
        },
        check: 'The 99th percentile of the event loop’s delay in a call is below 20 ms.',
        experiment:
          'Profile one call (`node --cpu-prof`, or py-spy for Python): the longest synchronous stretch is the cause.',
      }),
    ];
  },
};
