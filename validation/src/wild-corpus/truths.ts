import { ascending, mean, percentile } from '@firstword/turn/statistics';
import { answering, finishTurn, type WildCall, type WildTurn } from './call.js';

const middle = (values: readonly number[]): number =>
  values.length === 0 ? 0 : percentile(ascending(values), 50);

/** A change that takes off at least this much of the median turn is worth a sentence, ms. */
const WORTH_MS = 60;
/** Somebody who tunes an agent waits at least this long after speech, ms. */
const LEAST_DELAY_MS = 250;
/** What fast engines reach, ms. */
const FAST = { transcriptionMs: 300, ttfbMs: 200 } as const;

type Change = (turn: WildTurn, call: WildCall) => void;

/** What a change takes off the mean turn, ms: the calls are computed again with it. */
function savingMs(calls: readonly WildCall[], change: Change, isPreemptive?: boolean): number {
  const savings: number[] = [];
  for (const call of calls) {
    for (const turn of call.turns) {
      const changed = { ...turn, requests: turn.requests.map((request) => ({ ...request })) };
      change(changed, call);
      finishTurn(changed, isPreemptive ?? call.isPreemptive);
      savings.push(turn.e2eMs - changed.e2eMs);
    }
  }
  return mean(savings) ?? 0;
}

/** Findings that say what is so of these calls, without a change of them. */
function plainTruthsOf(calls: readonly WildCall[]): Set<string> {
  const turns = calls.flatMap((call) => call.turns);
  const ttfts = turns.map((turn) => Math.max(0, answering(turn)?.ttftMs ?? 0));
  const ttftMs = middle(ttfts);
  const truths = new Set<string>();
  const say = (rule: string, isTrue: boolean) => {
    if (isTrue) truths.add(rule);
  };
  say(
    'tool-turns',
    turns.some((turn) => turn.toolMs > 0),
  );
  say(
    'failed-turns',
    turns.some((turn) => turn.isFailed),
  );
  say(
    'realtime-with-logic',
    calls.some((call) => call.isRealtime),
  );
  say('llm-share', ttftMs >= 0.45 * middle(turns.map((turn) => turn.e2eMs)));
  say(
    'ttft-range',
    calls.some((call) => ttftMs >= 1.8 * call.stack.llm.ttftMs),
  );
  say('stragglers', percentile(ascending(ttfts), 95) >= 2.5 * ttftMs);
  const isFirstSlow = ({ turns: [first, ...others] }: WildCall) =>
    first !== undefined && first.e2eMs >= 1.4 * middle(others.map((turn) => turn.e2eMs));
  say('first-turn', calls.every(isFirstSlow));
  return truths;
}

/**
 * Findings that are true of a case whatever its cause: the change that they advise makes the mean turn of these calls
 * shorter, or what they say is so. A true statement beside the cause is not a wrong one.
 */
export function truthsOf(calls: readonly WildCall[]): Set<string> {
  const truths = new Set(['preemptive-tts-off']);
  const saves = (rule: string, change: Change, isPreemptive?: boolean) => {
    if (savingMs(calls, change, isPreemptive) >= WORTH_MS) truths.add(rule);
  };
  const shortenWait = (turn: WildTurn) => {
    turn.endOfTurnMs = Math.min(turn.endOfTurnMs, Math.max(LEAST_DELAY_MS, turn.transcriptionMs) + 20);
  };
  // The minimal delay does not bear on turns that waited for the maximal one.
  const waitedForMost = (turn: WildTurn, call: WildCall) => turn.endOfTurnMs > call.maxDelayMs - 100;
  saves('endpointing-wait', (turn, call) => {
    if (!waitedForMost(turn, call)) shortenWait(turn);
  });
  saves('endpointing-max', (turn, call) => {
    if (waitedForMost(turn, call)) shortenWait(turn);
  });
  // Other frameworks have no such setting.
  if (calls.some(({ sdk, isPreemptive }) => !isPreemptive && (sdk === 'python' || sdk === 'node')))
    saves('speculation-off', () => {}, true);
  saves('stt-final-slow', (turn) => {
    const lateMs = Math.max(0, turn.transcriptionMs - FAST.transcriptionMs);
    turn.transcriptionMs -= lateMs;
    turn.endOfTurnMs = Math.max(FAST.transcriptionMs, turn.endOfTurnMs - lateMs);
  });
  saves('user-logic', (turn) => {
    turn.userLogicMs = 0;
  });
  saves('tts-first-byte', (turn) => {
    turn.ttfbMs = Math.min(turn.ttfbMs, FAST.ttfbMs);
  });
  saves('sentence-held', (turn) => {
    turn.heldMs = Math.min(turn.heldMs, 160);
  });
  saves('transport-leg', (turn) => {
    turn.playbackMs = Math.min(turn.playbackMs, 20);
  });
  for (const rule of plainTruthsOf(calls)) truths.add(rule);
  return truths;
}
