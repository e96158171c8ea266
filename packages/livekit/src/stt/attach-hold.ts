import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { activityTurnDetection } from '../internals/session-activity.js';
import { gateSpeculations } from '../internals/speculation-gate.js';
import { listenTo } from '../observe/listen-to.js';
import { watchRepairs } from '../repair/watch-repairs.js';
import { DelayedTurnDetector } from '../session/end-of-turn.js';
import { AnswerTime } from './answer-time.js';
import { beforeCommit } from './before-commit.js';
import { SpeculationHold } from './speculation-hold.js';

const { AgentSessionEventTypes: Event } = voice;

/** A `SpeculationHold` of a session. */
export interface AttachedHold {
  hold: SpeculationHold;
  /** Passes on metrics of the session. */
  note(metrics: voice.MetricsCollectedEvent['metrics']): void;
  stop(): void;
}

/** Holds the later speculations of each turn by when the session's endpointing commits it. */
export function attachHold(session: voice.AgentSession, clock: Clock): AttachedHold {
  const answers = new AnswerTime();
  const detector = () => {
    const detection = activityTurnDetection(session);
    return detection instanceof DelayedTurnDetector ? detection : undefined;
  };
  const hold = new SpeculationHold({
    clock,
    decides: () => detector() !== undefined,
    commitInMs: (words) => detector()?.policy.commitInMs(words),
    answerMs: () => answers.ms,
    isCallerSpeaking: () => session.userState === 'speaking',
  });
  const gate = () => gateSpeculations(session, (words, start) => hold.gate(words, start));
  gate();
  const stops = [
    watchRepairs(session, () => hold.onReopened()),
    beforeCommit(session, () => hold.drop()),
    () => hold.drop(),
    // Without the session's events the hold would count the speculations of all turns as one turn's.
    () => gateSpeculations(session, (_words, start) => start()),
  ];
  const on = listenTo(session, stops);
  on(Event.UserStateChanged, ({ newState }) => {
    if (newState === 'speaking') hold.drop();
  });
  on(Event.ConversationItemAdded, ({ item }) => {
    // LiveKit reports the first agent, too, as a hand-off.
    if (item.type === 'agent_handoff') gate();
  });
  return {
    hold,
    note(metrics) {
      answers.note(metrics);
      if (metrics.type === 'eou_metrics') hold.onCommit();
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}
