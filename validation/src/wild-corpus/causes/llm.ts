import { oneOf } from '@firstword/turn/statistics';
import type { WildCall } from '../call.js';
import {
  ALL_SDKS,
  changedCalls,
  delayFirstToken,
  LIVEKIT,
  mostTurns,
  note,
  requestOf,
  type WildCause,
} from '../cause.js';
import { between, happens, latencyMs } from '../draw.js';
import { request } from '../healthy-call.js';
import { stackOf } from '../stacks.js';
import { TOOLS } from '../vocabulary.js';

/** Findings that name the LLM as such. */
const LLM = ['ttft-range', 'llm-share'];

/** Every answer waits long for its first token. */
const llmSlow: WildCause = {
  id: 'llm-slow',
  sdks: ALL_SDKS,
  needs: ['ttft'],
  accepted: LLM,
  alsoTrue: ['distant-region', 'stragglers'],
  calls: mostTurns((turn, _index, _call, random) => {
    delayFirstToken(turn, latencyMs(random, 1500, 0.35));
  }),
};

/** A filter or a proxy holds the answer: it comes in one burst when it is complete. */
const llmBurst: WildCause = {
  id: 'llm-burst',
  sdks: LIVEKIT,
  needs: ['ttft', 'tokens'],
  accepted: ['llm-burst', ...LLM],
  alsoTrue: ['stragglers'],
  calls: changedCalls(
    (turn, _index, _call, random) => {
      const asked = requestOf(turn);
      delayFirstToken(turn, 500 + asked.completionTokens * between(random, 22, 34));
      asked.durationMs = asked.ttftMs + between(random, 2, 30);
      turn.heldMs = between(random, 2, 20);
    },
    (call) => {
      call.stack.llm.provider = 'acme-voice.openai.azure.com';
      call.stack.llm.model = 'gpt-4o-mini';
    },
  ),
};

/** One answer in five waits very long, the others do not. */
const llmStragglers: WildCause = {
  id: 'llm-stragglers',
  sdks: LIVEKIT,
  needs: ['ttft'],
  accepted: ['stragglers'],
  alsoTrue: LLM,
  calls: (random, sdk, wording) => {
    const calls = [
      ...changedCalls((turn, index) => {
        if (index % 5 === 2 || happens(random, 0.06)) delayFirstToken(turn, between(random, 3200, 7500));
      })(random, sdk, wording),
    ];
    return calls;
  },
};

/** The model reasons before it answers. */
const reasons = changedCalls(
  (turn, _index, _call, random) => {
    const asked = requestOf(turn);
    const reasoning = random.integer(3, 12) * 64;
    asked.reasoningTokens = reasoning;
    asked.completionTokens += reasoning;
    delayFirstToken(turn, reasoning * between(random, 4.5, 7));
  },
  (call, random) => {
    call.stack.llm = stackOf(call.sdk, random.integer(0, 2), true).llm;
  },
);

/** Reasoning tokens are printed. */
const hiddenReasoning: WildCause = {
  id: 'hidden-reasoning',
  sdks: ['pipecat'],
  needs: ['ttft', 'reasoning tokens'],
  accepted: ['hidden-reasoning'],
  alsoTrue: [...LLM, 'stragglers'],
  calls: reasons,
};

/** LiveKit prints no reasoning tokens: the model's name and its many completion tokens show it. */
const reasoningModel: WildCause = {
  id: 'reasoning-model',
  sdks: LIVEKIT,
  needs: ['ttft', 'tokens'],
  accepted: ['hidden-reasoning', ...LLM],
  alsoTrue: ['stragglers'],
  calls: reasons,
};

/** The prompt grows turn by turn and the first token comes later and later. */
const historyGrows: WildCause = {
  id: 'history-grows',
  sdks: [...LIVEKIT, 'pipecat'],
  needs: ['ttft', 'tokens'],
  accepted: ['prompt-growth'],
  alsoTrue: [...LLM, 'broken-prefix', 'stragglers'],
  calls: changedCalls((turn, index, _call, random) => {
    const asked = requestOf(turn);
    asked.promptTokens = Math.round(1400 + index * between(random, 1900, 2600));
    asked.cachedTokens = 0;
    delayFirstToken(turn, index * between(random, 190, 260));
  }),
};

/** Most answers need a tool and a second request. */
const toolTurns: WildCause = {
  id: 'tool-turns',
  sdks: LIVEKIT,
  needs: ['ttft', 'tools', 'end of turn'],
  accepted: ['tool-turns'],
  alsoTrue: [...LLM, 'user-logic', 'speculation-off'],
  calls: changedCalls((turn, index, call, random) => {
    if (index % 3 === 0) return;
    const first = requestOf(turn);
    first.isToolCall = true;
    turn.toolMs = latencyMs(random, 950, 0.4);
    const second = request(
      random,
      latencyMs(random, call.stack.llm.ttftMs * 1.1, 0.2),
      first.promptTokens + 140,
      false,
    );
    turn.requests.push(second);
    note(turn, 'tool ran', turn.endOfTurnMs + first.durationMs, { seconds: turn.toolMs / 1000 });
    turn.answer = `${turn.answer} ${oneOf(TOOLS, random).length > 10 ? 'One more thing.' : ''}`.trim();
  }),
};

/** The speculation is thrown away at the commit and everything is asked twice. */
const speculationDiscarded: WildCause = {
  id: 'speculation-discarded',
  sdks: LIVEKIT,
  needs: ['notes', 'ttft'],
  accepted: ['speculation-discarded', 'speculation-context'],
  alsoTrue: [...LLM, 'user-logic', 'speculation-formatting', 'speculation-wasteful', 'speculation-off'],
  calls: changedCalls((turn, _index, call, random) => {
    const kept = requestOf(turn);
    const thrown = { ...kept, ttftMs: latencyMs(random, call.stack.llm.ttftMs, 0.2), isCancelled: true };
    thrown.durationMs = Math.max(60, turn.endOfTurnMs - turn.transcriptionMs);
    thrown.completionTokens = thrown.ttftMs < thrown.durationMs ? random.integer(2, 12) : 0;
    if (thrown.ttftMs > thrown.durationMs) thrown.ttftMs = -1;
    turn.requests.unshift(thrown);
    turn.userLogicMs = between(random, 40, 220);
    note(turn, 'speculation discarded', turn.endOfTurnMs + turn.userLogicMs);
  }),
};

/** The provider refuses requests for its rate limit, and they are sent again. */
const rateLimit: WildCause = {
  id: 'rate-limit',
  sdks: [...LIVEKIT, 'pipecat'],
  needs: ['notes', 'ttft'],
  accepted: ['rate-limit'],
  alsoTrue: [...LLM, 'stragglers'],
  calls: changedCalls((turn, index, _call, random) => {
    if (index % 5 === 1) return;
    const attempts = random.integer(1, 2);
    const start = turn.transcriptionMs;
    for (let attempt = 1; attempt <= attempts; attempt++)
      note(turn, 'rate limited', start + attempt * 300, { attempt, seconds: attempt === 1 ? 0.1 : 2 });
    delayFirstToken(turn, attempts === 1 ? between(random, 1200, 1900) : between(random, 2600, 4200));
  }),
};

/** From some turn on the LLM gives no answer. */
function failing(call: WildCall, from: number, kind: 'quota used up' | 'LLM failed' | 'model unknown'): void {
  for (const [index, turn] of call.turns.entries()) {
    if (index < from) continue;
    const asked = requestOf(turn);
    asked.ttftMs = -1;
    asked.completionTokens = 0;
    turn.isFailed = true;
    if (kind === 'model unknown') note(turn, kind, turn.endOfTurnMs + 180);
    else
      for (let attempt = 1; attempt <= 4; attempt++)
        note(turn, kind, turn.endOfTurnMs + attempt * 900, { attempt, seconds: attempt === 1 ? 0.1 : 2 });
  }
  call.turns.length = Math.min(call.turns.length, from + 3);
}

/** The provider's credit is used up: no answer comes. */
const quotaUsedUp: WildCause = {
  id: 'quota-used-up',
  sdks: LIVEKIT,
  needs: ['notes'],
  accepted: ['quota-used-up', 'failed-turns'],
  alsoTrue: [],
  calls: (random, sdk, wording) =>
    changedCalls(() => {})(random, sdk, wording).map((call) => {
      failing(call, random.integer(0, 3), 'quota used up');
      return call;
    }),
};

/** The LLM cannot be reached or ends with an error: the caller hears nothing. */
const deadAir: WildCause = {
  id: 'dead-air',
  sdks: LIVEKIT,
  needs: ['notes'],
  accepted: ['failed-turns'],
  alsoTrue: [...LLM, 'slow-failover'],
  calls: (random, sdk, wording) =>
    changedCalls(() => {})(random, sdk, wording).map((call) => {
      failing(call, random.integer(2, 5), 'LLM failed');
      return call;
    }),
};

/** The model does not exist any more, or not for this account. */
const modelUnknown: WildCause = {
  id: 'model-unknown',
  sdks: LIVEKIT,
  needs: ['notes'],
  accepted: ['model-retired', 'failed-turns'],
  alsoTrue: [],
  calls: (random, sdk, wording) =>
    changedCalls(
      () => {},
      (call) => {
        call.stack.llm.model = 'gpt-4-32k';
      },
    )(random, sdk, wording).map((call) => {
      failing(call, 0, 'model unknown');
      return call;
    }),
};

/** A speech-to-speech model whose responses start late. */
const realtimeSlow: WildCause = {
  id: 'realtime-slow',
  sdks: LIVEKIT,
  needs: ['realtime'],
  accepted: ['realtime-slow', ...LLM],
  alsoTrue: ['stragglers', 'first-turn'],
  calls: changedCalls(
    (turn, index, _call, random) => {
      const asked = requestOf(turn);
      asked.ttftMs = latencyMs(random, index === 0 ? 6000 : 2600, 0.3);
      asked.durationMs = asked.ttftMs + between(random, 1200, 3000);
    },
    (call) => {
      call.isRealtime = true;
      call.stack.llm =
        call.sdk === 'node'
          ? {
              model: 'gpt-realtime',
              provider: 'api.openai.com',
              label: 'openai.realtime.RealtimeModel',
              ttftMs: 500,
              reportsCached: true,
            }
          : {
              model: 'gemini-live-2.5-flash',
              provider: 'Gemini',
              label: 'livekit.plugins.google.realtime.RealtimeModel',
              ttftMs: 500,
              reportsCached: false,
            };
    },
  ),
};

/** Causes in the LLM and what is asked of it. */
export const LLM_CAUSES: readonly WildCause[] = [
  llmSlow,
  llmBurst,
  llmStragglers,
  hiddenReasoning,
  reasoningModel,
  historyGrows,
  toolTurns,
  speculationDiscarded,
  rateLimit,
  quotaUsedUp,
  deadAir,
  modelUnknown,
  realtimeSlow,
];
