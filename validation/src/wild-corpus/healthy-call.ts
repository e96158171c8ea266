import { oneOf, type Random } from '@firstword/turn/statistics';
import { finishTurn, type Sdk, type WildCall, type WildRequest, type WildTurn } from './call.js';
import { between, happens, latencyMs, letters } from './draw.js';
import { stackOf, VERSIONS } from './stacks.js';
import { ANSWERS, USER_LINES } from './vocabulary.js';

/** Where a call starts: a day in 2026, ms since 1970. */
const FIRST_CALL_MS = Date.UTC(2026, 2, 1, 8);
const DAYS = 200;
const DAY_MS = 86_400_000;

/** A request that took `ttftMs`. */
export function request(
  random: Random,
  ttftMs: number,
  promptTokens: number,
  isCached: boolean,
): WildRequest {
  const completionTokens = random.integer(14, 45);
  return {
    afterMs: 0,
    ttftMs,
    durationMs: ttftMs + completionTokens * between(random, 9, 16),
    promptTokens,
    cachedTokens: isCached ? Math.floor((promptTokens * 0.8) / 128) * 128 : 0,
    completionTokens,
    reasoningTokens: 0,
    isCancelled: false,
    isToolCall: false,
  };
}

/** A turn in which nothing is slow. */
export function healthyTurn(random: Random, call: WildCall, number: number): WildTurn {
  const { stack } = call;
  const transcriptionMs = latencyMs(random, stack.stt.finalMs, 0.22);
  const isTail = happens(random, 0.02);
  const ttftMs = latencyMs(random, stack.llm.ttftMs, 0.18) * (isTail ? between(random, 1.5, 2.2) : 1);
  const promptTokens = 640 + number * random.integer(30, 60);
  return {
    userText: oneOf(USER_LINES, random),
    answer: oneOf(ANSWERS, random),
    endedAtMs: 0,
    spokeForMs: between(random, 700, 4200),
    transcriptionMs,
    endOfTurnMs: Math.max(call.minDelayMs, transcriptionMs + 5) + between(random, 5, 45),
    userLogicMs: between(random, 0.05, 3),
    requests: [request(random, ttftMs, promptTokens, stack.llm.reportsCached && promptTokens > 1024)],
    toolMs: 0,
    heldMs: between(random, 50, 160),
    ttfbMs: latencyMs(random, stack.tts.ttfbMs, 0.18),
    ttsConnectMs: 0,
    playbackMs: between(random, 0.2, 6),
    unexplainedMs: 0,
    e2eMs: 0,
    isFailed: false,
    notes: [],
  };
}

/** A call in which nothing is slow. Not finished: `finishCall` computes the clock times. */
export function healthyCall(random: Random, sdk: Sdk, wording: number): WildCall {
  const isLiveKit = sdk === 'python' || sdk === 'node';
  const stack = stackOf(sdk, wording + 3 * random.integer(0, 1));
  const call: WildCall = {
    sdk,
    version: VERSIONS[sdk][wording % 3]!,
    stack,
    job: `AJ_${letters(random, 12)}`,
    room: `RM_${letters(random, 12)}`,
    roomName: `${oneOf(['call', 'room', 'sip', 'demo'], random)}-${random.integer(1000, 99999)}`,
    startedAtMs: FIRST_CALL_MS + Math.floor(random.uniform() * DAYS) * DAY_MS + random.integer(0, DAY_MS / 3),
    // Hosted platforms ask the LLM only when the turn is over: there each wait is heard.
    minDelayMs: isLiveKit ? oneOf([300, 400, 500], random) : 250,
    maxDelayMs: oneOf([2500, 3000, 6000], random),
    isPreemptive: isLiveKit,
    isRealtime: false,
    turns: [],
  };
  const count = random.integer(6, 14);
  for (let number = 1; number <= count; number++) call.turns.push(healthyTurn(random, call, number));
  return call;
}

/** Computes the clock of a call from its turns' durations. */
export function finishCall(call: WildCall, random: Random): WildCall {
  let atMs = call.startedAtMs + between(random, 2500, 6000);
  for (const turn of call.turns) {
    atMs += turn.spokeForMs;
    turn.endedAtMs = atMs;
    finishTurn(turn, call.isPreemptive);
    const isKept = call.isPreemptive && !call.isRealtime && !turn.isFailed && turn.requests.length === 1;
    if (isKept)
      turn.notes.push({
        kind: 'speculation used',
        afterMs: turn.endOfTurnMs + turn.userLogicMs,
        seconds: (turn.endOfTurnMs - turn.transcriptionMs) / 1000,
      });
    atMs += turn.e2eMs + turn.answer.length * 62 + between(random, 200, 1500);
  }
  return call;
}
