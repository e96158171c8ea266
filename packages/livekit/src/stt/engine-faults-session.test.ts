import { stt } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { openCall, pass, settled, until } from '../testing/call-rig.js';
import {
  anotherTakesOver,
  answersOneMore,
  answersTo,
  callerGoesOn,
  closesClean,
  type Engine,
  expectNoMoreThanWhole,
  finish,
  isBefore,
  MOMENTS,
  openTurn,
  plain,
  reach,
  WHOLE,
} from '../testing/held-turn.js';
import { ScriptedModel } from '../testing/scripted.js';

const { INTERIM_TRANSCRIPT, FINAL_TRANSCRIPT } = stt.SpeechEventType;

/** Sends every transcript, each with its own data. */
const withData = (data: () => Partial<stt.SpeechData>): Engine => ({
  send: ([type, words], send) => send(type, words, data()),
});

function backwards(): Engine {
  let nowS = 1_000;
  return withData(() => ({ startTime: nowS, endTime: --nowS }));
}

const ENGINES: [string, () => Engine][] = [
  ['sends what it recognizes', () => ({ send: (transcript, send) => send(...transcript) })],
  [
    'sends everything twice',
    () => ({
      send: (transcript, send) => {
        send(...transcript);
        send(...transcript);
      },
    }),
  ],
  [
    'sends finals before their interims',
    () => ({
      finalsFirst: true,
      send: ([type, words, more], send) => {
        if (type !== FINAL_TRANSCRIPT) return;
        send(type, words, more);
        send(INTERIM_TRANSCRIPT, words, more);
        send(INTERIM_TRANSCRIPT, words, more);
      },
    }),
  ],
  [
    'sends empty text between its words',
    () => ({
      send: ([type, words, more], send) => {
        send(type, '', more);
        send(type, words, more);
        send(type, '', more);
      },
    }),
  ],
  ['always reports confidence 0', () => withData(() => ({ confidence: 0 }))],
  ['always reports confidence 1', () => withData(() => ({ confidence: 1 }))],
  ['sends times that run backwards', backwards],
];

describe.each(ENGINES)('an engine that %s', (_name, engine) => {
  describe.each(MOMENTS)('at the moment "%s"', (moment) => {
    async function reached() {
      const turn = await openTurn({ engine: engine() });
      await reach(moment, turn);
      return turn;
    }

    it('gets its turn and the next one answered once', async () => {
      const turn = await reached();
      finish(moment, turn);
      await until(() => expect(answersTo(turn)).toEqual([WHOLE]));
      await answersOneMore(turn);
      expect(answersTo(turn)).toEqual([WHOLE]);
      expect(turn.call.said('user').map(plain)).toEqual(['book a table', 'are you there']);
      await closesClean(turn);
    });

    it('gets all words answered if the caller keeps speaking', async () => {
      const turn = await reached();
      await callerGoesOn(moment, turn);
      await answersOneMore(turn);
      await closesClean(turn);
    });

    it('works with the next agent after a handoff', async () => {
      const turn = await reached();
      await anotherTakesOver(turn);
      const promised = isBefore(moment, 'commit') ? [] : [WHOLE];
      await until(() => expect(answersTo(turn)).toEqual(promised));
      await answersOneMore(turn);
      expect(answersTo(turn)).toEqual(promised);
      await closesClean(turn);
    });

    it('produces no speech after the session has closed', async () => {
      const turn = await reached();
      const before = turn.call.played();
      await closesClean(turn);
      turn.model.letAll();
      await settled();
      if (isBefore(moment, 'first clause')) expect(turn.call.played()).toBe(before);
      expectNoMoreThanWhole(turn);
      expect(turn.runs).toEqual([]);
    });
  });
});

describe('an engine that sends nothing', () => {
  async function openWithoutTranscript() {
    const model = new ScriptedModel([{ type: 'text', text: 'You said: Are you there?' }]);
    const call = await openCall(model);
    call.speak();
    await pass(600);
    call.silence(600);
    return { call, model: Object.assign(model, { letAll: () => {} }) };
  }

  it('starts no request, and the next turn is answered', async () => {
    const { call, model } = await openWithoutTranscript();
    call.stop();
    await pass(10_000);
    expect(model.asked).toEqual([]);
    await answersOneMore({ call });
    expect(call.eagerStt.counters).toMatchObject({ cancelled: 0 });
  });

  it('delays neither a handoff nor closing the session', async () => {
    const { call, model } = await openWithoutTranscript();
    const turn = { call, model, runs: [] } as unknown as Awaited<ReturnType<typeof openTurn>>;
    await anotherTakesOver(turn);
    call.stop();
    await pass(3_000);
    expect(model.asked).toEqual([]);
    await call.close();
    expect(call.eagerStt.speculator.running).toBe(false);
  });
});
