import { ascending, percentile } from '@firstword/turn/statistics';
import { answering, type WildCall, type WildTurn } from './call.js';

const middle = (values: readonly number[]): number =>
  values.length === 0 ? 0 : percentile(ascending(values), 50);

/** From here on somebody who tunes an agent would call a stage slow, ms. */
const SLOW_MS = 400;

/**
 * Findings that are true of a case whatever its cause, computed from how the calls really went: a statement that is true
 * beside the cause is not a wrong one.
 */
export function truthsOf(calls: readonly WildCall[]): Set<string> {
  const turns = calls.flatMap((call) => call.turns);
  const truths = new Set(['preemptive-tts-off']);
  const stage = (of: (turn: WildTurn) => number) => middle(turns.map(of));
  const ttfts = turns.map((turn) => Math.max(0, answering(turn)?.ttftMs ?? 0));
  const ttftMs = middle(ttfts);
  const waitMs = stage((turn) => turn.endOfTurnMs - turn.transcriptionMs);
  const say = (rule: string, isTrue: boolean) => {
    if (isTrue) truths.add(rule);
  };
  say(
    'speculation-off',
    calls.some((call) => !call.isPreemptive),
  );
  say('endpointing-wait', waitMs >= SLOW_MS);
  say('stt-final-slow', stage((turn) => turn.transcriptionMs) >= 2 * SLOW_MS);
  say('user-logic', stage((turn) => turn.userLogicMs) >= SLOW_MS / 2);
  say('tts-first-byte', stage((turn) => turn.ttfbMs) >= SLOW_MS);
  say('sentence-held', stage((turn) => turn.heldMs) >= SLOW_MS / 2);
  say('transport-leg', stage((turn) => turn.playbackMs) >= SLOW_MS / 2);
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
  say('llm-share', ttftMs >= 2 * SLOW_MS || ttftMs >= 0.45 * stage((turn) => turn.e2eMs));
  say(
    'ttft-range',
    calls.some((call) => ttftMs >= 1.8 * call.stack.llm.ttftMs),
  );
  say('stragglers', percentile(ascending(ttfts), 95) >= 2.5 * ttftMs);
  say(
    'first-turn',
    calls.every(
      (call) => call.turns[0]!.e2eMs >= 1.4 * middle(call.turns.slice(1).map((turn) => turn.e2eMs)),
    ),
  );
  return truths;
}
