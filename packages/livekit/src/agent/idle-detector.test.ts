import { EventEmitter } from 'node:events';
import { ManualClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { IdleDetector, SETTLED_MS } from './idle-detector.js';

/** A session whose events a test makes up, at times that it makes up. */
function rig() {
  const clock = new ManualClock();
  let answering = false;
  const session = Object.assign(new EventEmitter(), { agentState: 'listening', userState: 'listening' });
  const lull = new IdleDetector({
    session: session as unknown as voice.AgentSession,
    isAnswering: () => answering,
    clock,
  });
  return {
    session,
    lull,
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

describe('a lull', () => {
  it('is there when nobody has said anything yet', () => {
    expect(rig().lull.isIdle).toBe(true);
  });

  it('is not there before the session runs, nor while anybody speaks', () => {
    const { agent, caller, lull } = rig();
    for (const state of ['initializing', 'thinking', 'speaking']) {
      agent(state);
      expect(lull.isIdle).toBe(false);
    }
    agent('listening');
    caller('speaking');
    expect(lull.isIdle).toBe(false);
  });

  it('is not there between the caller’s last word and its answer', () => {
    const { agent, answered, caller, commit, lull, words } = rig();
    caller('speaking');
    caller('listening');
    expect(lull.isIdle).toBe(false);
    words();
    expect(lull.isIdle).toBe(false);
    commit();
    expect(lull.isIdle).toBe(false);
    agent('thinking');
    agent('speaking');
    agent('listening');
    expect(lull.isIdle).toBe(false);
    answered();
    expect(lull.isIdle).toBe(true);
  });

  it('is not there while a greeting is on its way', () => {
    const { lull, speech } = rig();
    const done = speech();
    expect(lull.isIdle).toBe(false);
    done();
    expect(lull.isIdle).toBe(true);
  });

  it('does not forget what the caller said over the agent when the agent falls silent', () => {
    const { agent, caller, lull, words } = rig();
    agent('speaking');
    caller('speaking');
    agent('listening');
    caller('listening');
    words();
    expect(lull.isIdle).toBe(false);
  });

  it('comes in the end where a noise led to nothing', () => {
    const { caller, lull, pass } = rig();
    caller('speaking');
    pass(SETTLED_MS);
    expect(lull.isIdle).toBe(false);
    caller('listening');
    pass(SETTLED_MS - 1);
    expect(lull.isIdle).toBe(false);
    pass(1);
    expect(lull.isIdle).toBe(true);
  });
});
