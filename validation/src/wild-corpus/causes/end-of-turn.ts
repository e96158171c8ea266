import { changedCalls, LIVEKIT, mostTurns, note, useNewest, type WildCause } from '../cause.js';
import { between, happens, latencyMs } from '../draw.js';

/** The STT's final transcript is late. */
const sttFinalSlow: WildCause = {
  id: 'stt-final-slow',
  sdks: [...LIVEKIT, 'vapi', 'retell'],
  needs: ['end of turn'],
  accepted: ['stt-final-slow'],
  alsoTrue: ['endpointing-wait', 'speculation-off'],
  calls: mostTurns(
    (turn, _index, _call, random) => {
      turn.transcriptionMs = latencyMs(random, 1700, 0.3);
      turn.endOfTurnMs = turn.transcriptionMs + between(random, 2, 30);
    },
    (call) => {
      call.stack.stt = {
        model: call.sdk === 'node' ? 'whisper-1' : 'default',
        provider: call.sdk === 'node' ? 'OpenAI' : 'Azure STT',
        label: call.sdk === 'node' ? 'openai.STT' : 'livekit.plugins.azure.stt.STT',
        finalMs: 1700,
      };
    },
  ),
};

/** The shortest wait after speech was set high. */
const minDelayRaised: WildCause = {
  id: 'min-delay-raised',
  sdks: [...LIVEKIT, 'vapi'],
  needs: ['end of turn'],
  accepted: ['endpointing-wait'],
  alsoTrue: ['speculation-off'],
  calls: changedCalls(
    (turn, _index, call, random) => {
      turn.endOfTurnMs = Math.max(call.minDelayMs, turn.transcriptionMs) + between(random, 2, 35);
    },
    (call, random) => {
      call.minDelayMs = Math.round(between(random, 10, 20)) * 100;
      call.maxDelayMs = Math.max(call.maxDelayMs, 3000);
    },
  ),
};

/** The turn detector is unsure of nearly every end, and its longest wait runs out. */
const maxDelayReached: WildCause = {
  id: 'max-delay-reached',
  sdks: LIVEKIT,
  needs: ['end of turn'],
  accepted: ['endpointing-max'],
  alsoTrue: ['speculation-off'],
  calls: changedCalls((turn, _index, call, random) => {
    if (happens(random, 0.1)) return;
    turn.endOfTurnMs = call.maxDelayMs + between(random, 4, 60);
  }),
};

/** Some turns are committed at the shortest wait, the others at the longest. */
const twoModes: WildCause = {
  id: 'two-modes',
  sdks: LIVEKIT,
  needs: ['end of turn'],
  accepted: ['endpointing-max'],
  alsoTrue: ['speculation-off'],
  calls: changedCalls((turn, index, call, random) => {
    if (index % 2 === 0 ? happens(random, 0.8) : happens(random, 0.15))
      turn.endOfTurnMs = call.maxDelayMs + between(random, 4, 60);
  }),
};

/** In STT mode the framework waits again after the engine has waited for silence itself. */
const additiveEndpointing: WildCause = {
  id: 'waits-twice',
  sdks: LIVEKIT,
  needs: ['end of turn'],
  accepted: ['additive-endpointing', 'endpointing-wait'],
  alsoTrue: ['stt-final-slow', 'speculation-off'],
  calls: changedCalls(
    (turn, _index, call, random) => {
      turn.transcriptionMs = latencyMs(random, 620, 0.16);
      turn.endOfTurnMs = turn.transcriptionMs + call.minDelayMs + between(random, 1, 12);
    },
    (call) => {
      call.minDelayMs = 800;
    },
  ),
};

/** The cloud end-of-turn model cannot be reached; the local one is unsure and the longest wait runs out. */
const detectorFailedOver: WildCause = {
  id: 'detector-failed-over',
  sdks: LIVEKIT,
  needs: ['end of turn', 'notes'],
  accepted: ['detector-failover'],
  alsoTrue: ['endpointing-max', 'detector-late', 'speculation-off'],
  calls: changedCalls((turn, index, call, random) => {
    if (index === 0) note(turn, 'turn detector failed over', -400);
    if (index === 0 || happens(random, 0.75)) {
      if (happens(random, 0.3)) note(turn, 'turn detector timed out', 700, { seconds: 1 });
      turn.endOfTurnMs = call.maxDelayMs + between(random, 5, 60);
    }
  }, useNewest),
};

/** Each question to the cloud end-of-turn model takes long, as in livekit/agents#5910. */
const detectorLate: WildCause = {
  id: 'detector-late',
  sdks: LIVEKIT,
  needs: ['end of turn', 'notes'],
  accepted: ['detector-late'],
  alsoTrue: ['speculation-off', 'endpointing-max'],
  calls: changedCalls((turn, _index, _call, random) => {
    const roundTripMs = latencyMs(random, 850, 0.18);
    turn.endOfTurnMs = Math.max(turn.endOfTurnMs, 250 + roundTripMs + between(random, 20, 90));
    note(turn, 'turn detector slow', 250 + roundTripMs, { seconds: roundTripMs / 1000 });
  }, useNewest),
};

/** Retrieval or checks in the app's own hook hold the reply. */
const userLogic: WildCause = {
  id: 'user-logic',
  sdks: LIVEKIT,
  needs: ['user logic'],
  accepted: ['user-logic'],
  alsoTrue: ['speculation-context', 'speculation-off', 'llm-share'],
  calls: mostTurns((turn, _index, call, random) => {
    turn.userLogicMs = latencyMs(random, 1150, 0.35);
    call.isPreemptive = false;
  }),
};

/** Causes between the caller's last sound and the start of the reply. */
export const END_OF_TURN_CAUSES: readonly WildCause[] = [
  sttFinalSlow,
  minDelayRaised,
  maxDelayReached,
  twoModes,
  additiveEndpointing,
  detectorFailedOver,
  detectorLate,
  userLogic,
];
