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

/** Tells it all, each with other data. */
const withData = (data: () => Partial<stt.SpeechData>): Engine => ({
  tell: ([type, words], tell) => tell(type, words, data()),
});

function backwards(): Engine {
  let nowS = 1_000;
  return withData(() => ({ startTime: nowS, endTime: --nowS }));
}

const ENGINES: [string, () => Engine][] = [
  ['tells what it hears', () => ({ tell: (told, tell) => tell(...told) })],
  [
    'tells everything twice',
    () => ({
      tell: (told, tell) => {
        tell(...told);
        tell(...told);
      },
    }),
  ],
  [
    'tells finals before their interims',
    () => ({
      finalsFirst: true,
      tell: ([type, words, more], tell) => {
        if (type !== FINAL_TRANSCRIPT) return;
        tell(type, words, more);
        tell(INTERIM_TRANSCRIPT, words, more);
        tell(INTERIM_TRANSCRIPT, words, more);
      },
    }),
  ],
  [
    'tells empty text between its words',
    () => ({
      tell: ([type, words, more], tell) => {
        tell(type, '', more);
        tell(type, words, more);
        tell(type, '', more);
      },
    }),
  ],
  ['is never sure', () => withData(() => ({ confidence: 0 }))],
  ['is always sure', () => withData(() => ({ confidence: 1 }))],
  ['tells times that run backwards', backwards],
];

describe.each(ENGINES)('an engine that %s', (_name, engine) => {
  describe.each(MOMENTS)('at the moment "%s"', (moment) => {
    async function reached() {
      const turn = await openTurn({ engine: engine() });
      await reach(moment, turn);
      return turn;
    }

    it('has its turn answered once, and the next one', async () => {
      const turn = await reached();
      finish(moment, turn);
      await until(() => expect(answersTo(turn)).toEqual([WHOLE]));
      await answersOneMore(turn);
      expect(answersTo(turn)).toEqual([WHOLE]);
      expect(turn.call.said('user').map(plain)).toEqual(['book a table', 'are you there']);
      await closesClean(turn);
    });

    it('has all answered that a caller who goes on has said', async () => {
      const turn = await reached();
      await callerGoesOn(moment, turn);
      await answersOneMore(turn);
      await closesClean(turn);
    });

    it('goes on with another agent', async () => {
      const turn = await reached();
      await anotherTakesOver(turn);
      const promised = isBefore(moment, 'commit') ? [] : [WHOLE];
      await until(() => expect(answersTo(turn)).toEqual(promised));
      await answersOneMore(turn);
      expect(answersTo(turn)).toEqual(promised);
      await closesClean(turn);
    });

    it('is silent once the session has closed', async () => {
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

describe('an engine that tells nothing', () => {
  async function unheard() {
    const model = new ScriptedModel([{ type: 'text', text: 'You said: Are you there?' }]);
    const call = await openCall(model);
    call.speak();
    await pass(600);
    call.silence(600);
    return { call, model: Object.assign(model, { letAll: () => {} }) };
  }

  it('starts nothing, and the next turn is answered', async () => {
    const { call, model } = await unheard();
    call.stop();
    await pass(10_000);
    expect(model.asked).toEqual([]);
    await answersOneMore({ call });
    expect(call.eagerStt.counters).toMatchObject({ cancelled: 0 });
  });

  it('holds up neither another agent nor the close', async () => {
    const { call, model } = await unheard();
    const turn = { call, model, runs: [] } as unknown as Awaited<ReturnType<typeof openTurn>>;
    await anotherTakesOver(turn);
    call.stop();
    await pass(3_000);
    expect(model.asked).toEqual([]);
    await call.close();
    expect(call.eagerStt.speculator.running).toBe(false);
  });
});
