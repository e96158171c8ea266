import { ManualClock } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { beforeAll, expect, it } from 'vitest';
import { CallSession, type CallSessionOptions } from '../agent/call-session.js';
import { FirstwordLLM } from '../llm/llm.js';
import type { EagerSTT } from '../stt/eager-stt.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS } from '../testing/scripted.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { LocalTTS } from '../tts/local-tts.js';
import { emptyLearnedState } from './learned-state.js';
import { ALL_LEVERS, NO_LEVERS } from './levers.js';
import { lowLatency } from './low-latency.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

it('carries the speculation state over to the next session', () => {
  const learned = emptyLearnedState({ speculation: { maxPerTurn: 1 } });
  const parts = {
    vad: new ScriptedVAD(),
    stt: new ScriptedSTT(),
    llm: new FirstwordLLM(new ScriptedModel()),
    tts: new LocalTTS(new ToneTTS()),
  };
  const speculator = () => (lowLatency({ ...parts, learning: learned }).stt as EagerSTT).speculator;
  speculator().start('stable', 0);
  speculator().commit(false);
  speculator().addWastedTokens(500, 0);
  expect(speculator().stats).toMatchObject({ started: 1, cancelled: 1, wastedTokens: 500 });
});

it('survives sessions that do not use it when levers are switched', async () => {
  const clock = new ManualClock();
  const open = (levers: CallSessionOptions['levers'], state?: CallSession['handoverState']) =>
    new CallSession({
      call: {
        callId: 'call-1',
        stt: {
          provider: 'deaf',
          model: 'deaf-1',
          ready: async () => {},
          openStream: () => {
            throw new Error('nobody listens');
          },
          close: async () => {},
        },
        llm: new ScriptedModel(),
        tts: new ToneTTS(),
        sink: { play: () => {}, clear: () => {} },
        instructions: 'x',
        events: { onTurn: () => {} },
      },
      levers,
      clock,
      startedMs: 0,
      input: new PushAudioInput(),
      output: new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} }, clock }),
      ...state,
    });
  const sessions = [open(ALL_LEVERS)];
  for (const levers of [NO_LEVERS, ALL_LEVERS]) sessions.push(open(levers, sessions.at(-1)!.handoverState));
  const [first, ...others] = sessions.map(({ handoverState }) => handoverState.learned);
  for (const learned of others) expect(learned).toBe(first);
  for (const session of sessions) await session.close();
});
