import { EventEmitter } from 'node:events';
import { ManualClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { IdleDetector, SETTLED_MS } from './idle-detector.js';

/** A session whose events, and their times, the test sets. */
function rig() {
  const clock = new ManualClock();
  let answering = false;
  const session = Object.assign(new EventEmitter(), { agentState: 'listening', userState: 'listening' });
  const detector = new IdleDetector({
    session: session as unknown as voice.AgentSession,
    isAnswering: () => answering,
    clock,
  });
  return {
    session,
    detector,
    pass: (ms: number) => clock.advance(ms),
    agent: (newState: string) => {
      const oldState = session.agentState;
      session.agentState = newState;
      session.emit('agent_state_changed', { oldState, newState });
    },
    caller: (newState: string) => {
      session.userState = newState;
      session.emit('user_state_changed', { newState });
    },
    words: () => session.emit('user_input_transcribed', { transcript: 'a table', isFinal: true }),
    commit: () => {
      answering = true;
      session.emit('metrics_collected', { metrics: { type: 'eou_metrics' } });
    },
    answered: () => {
      answering = false;
    },
    speech: () => {
      let done = () => {};
      const addDoneCallback = (fn: () => void) => {
        done = fn;
      };
      const speechHandle = { addDoneCallback };
      session.emit('speech_created', { speechHandle });
      return () => done();
    },
  };
}

describe('IdleDetector', () => {
  it('is idle when nobody has spoken yet', () => {
    expect(rig().detector.isIdle).toBe(true);
  });

  it('is not idle before the session runs or while anyone speaks', () => {
    const { agent, caller, detector } = rig();
    for (const state of ['initializing', 'thinking', 'speaking']) {
      agent(state);
      expect(detector.isIdle).toBe(false);
    }
    agent('listening');
    caller('speaking');
    expect(detector.isIdle).toBe(false);
  });

  it('is not idle between the caller’s last word and the end of the answer', () => {
    const { agent, answered, caller, commit, detector, words } = rig();
    caller('speaking');
    caller('listening');
    expect(detector.isIdle).toBe(false);
    words();
    expect(detector.isIdle).toBe(false);
    commit();
    expect(detector.isIdle).toBe(false);
    agent('thinking');
    agent('speaking');
    agent('listening');
    expect(detector.isIdle).toBe(false);
    answered();
    expect(detector.isIdle).toBe(true);
  });

  it('is not idle while a greeting is pending', () => {
    const { detector, speech } = rig();
    const done = speech();
    expect(detector.isIdle).toBe(false);
    done();
    expect(detector.isIdle).toBe(true);
  });

  it('stays busy after the agent stops if the caller spoke over it', () => {
    const { agent, caller, detector, words } = rig();
    agent('speaking');
    caller('speaking');
    agent('listening');
    caller('listening');
    words();
    expect(detector.isIdle).toBe(false);
  });

  it('becomes idle again some time after a noise that produced no transcript', () => {
    const { caller, detector, pass } = rig();
    caller('speaking');
    pass(SETTLED_MS);
    expect(detector.isIdle).toBe(false);
    caller('listening');
    pass(SETTLED_MS - 1);
    expect(detector.isIdle).toBe(false);
    pass(1);
    expect(detector.isIdle).toBe(true);
  });
});
