import { changedCalls, delayFirstToken, LIVEKIT, note, useNewest, type WildCause } from '../cause.js';
import { between, happens } from '../draw.js';

/** The machine is too small: local inference falls behind. */
const cpuStarved: WildCause = {
  id: 'cpu-starved',
  sdks: LIVEKIT,
  needs: ['notes', 'end of turn'],
  accepted: ['cpu-starvation'],
  alsoTrue: [
    'event-loop-blocked',
    'endpointing-wait',
    'stt-final-slow',
    'tts-first-byte',
    'ttft-range',
    'llm-share',
  ],
  calls: changedCalls((turn, _index, _call, random) => {
    const slow = random.integer(1, 4);
    for (let time = 0; time < slow; time++)
      note(turn, 'VAD slow', -300 * time + 150, { seconds: between(random, 0.22, 1.4) });
    if (happens(random, 0.3)) note(turn, 'process unresponsive', 400, { seconds: between(random, 0.5, 1.2) });
    const lateMs = between(random, 250, 900);
    turn.transcriptionMs += lateMs;
    turn.endOfTurnMs = Math.max(turn.endOfTurnMs, turn.transcriptionMs) + lateMs * 0.6;
    turn.ttfbMs += lateMs * 0.3;
  }),
};

/** The app's synchronous code holds the event loop. */
const loopBlocked: WildCause = {
  id: 'loop-blocked',
  sdks: LIVEKIT,
  needs: ['notes', 'end of turn', 'ttft'],
  accepted: ['event-loop-blocked'],
  alsoTrue: [
    'cpu-starvation',
    'endpointing-wait',
    'ttft-range',
    'llm-share',
    'user-logic',
    'speculation-off',
  ],
  calls: changedCalls(
    (turn, index, _call, random) => {
      if (index % 4 === 1) return;
      const blockedMs = between(random, 700, 1900);
      note(turn, 'loop blocked', turn.endOfTurnMs + blockedMs, { seconds: blockedMs / 1000 });
      if (happens(random, 0.3))
        note(turn, 'process unresponsive', turn.endOfTurnMs + 900, { seconds: blockedMs / 1000 });
      delayFirstToken(turn, blockedMs);
    },
    (call) => {
      // Node reports a blocked loop since 1.8.
      if (call.sdk === 'node') useNewest(call);
    },
  ),
};

/** The host does not run the process: a CPU quota, or a neighbour. */
const hostStalled: WildCause = {
  id: 'host-stalled',
  sdks: ['node'],
  needs: ['notes', 'end of turn', 'ttft'],
  accepted: ['cpu-starvation', 'event-loop-blocked'],
  alsoTrue: ['ttft-range', 'llm-share', 'endpointing-wait', 'stt-final-slow'],
  calls: changedCalls((turn, _index, _call, random) => {
    const stalledMs = between(random, 500, 1500);
    note(turn, 'host stalled', turn.endOfTurnMs + 60, { seconds: stalledMs / 1000 });
    delayFirstToken(turn, stalledMs);
  }, useNewest),
};

/** Causes in the machine that runs the agent. */
export const HOST_CAUSES: readonly WildCause[] = [cpuStarved, loopBlocked, hostStalled];
