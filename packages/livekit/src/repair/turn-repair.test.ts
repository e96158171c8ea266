import { describe, expect, it } from 'vitest';
import { answered, gate, pass, recorded, synthesized, until } from '../testing/call-rig.js';
import {
  asked,
  bookingModel,
  cutOff,
  finish,
  GO_ON_MS,
  goOn,
  goOnOverAnswer,
  HALF,
  openRepaired,
  REST,
  speaking,
  WHOLE,
} from '../testing/cut-off-rig.js';
import { ScriptedModel, ToneTTS, text } from '../testing/scripted.js';

describe.each([undefined, 'session', 'agent'] as const)(
  'a caller who was cut off (parts on %s)',
  (dropIn) => {
    it('stops the agent at once, and is answered once, to the whole turn', async () => {
      const model = bookingModel();
      const call = await cutOff(model, { dropIn });
      await speaking(call);
      await pass(GO_ON_MS);
      const played = call.played();
      goOn(call);
      await pass(200);
      expect(call.session.agentState).toBe('listening');
      // The output had 40 ms in advance.
      expect(call.played() - played).toBeLessThanOrEqual(24 * 60);
      await finish(call);
      expect(call.said('user')).toEqual([WHOLE]);
      expect(call.said('assistant')).toEqual(['Booked.']);
      expect(asked(model).at(-1)).toEqual([`user: ${WHOLE}`]);
      await recorded(call, 2);
      expect(call.records).toMatchObject([
        { repaired: { part: 'half' }, interrupted: true },
        { repaired: { part: 'whole' }, bargeIn: false },
      ]);
      expect(call.records[0]).not.toHaveProperty('feltGapMs');
      expect(call.records[0]!.repaired!.stoppedMs).toBeLessThan(100);
    });
  },
);

describe('the answer to a half', () => {
  it('is not said if the caller goes on before the LLM’s first token', async () => {
    const model = new ScriptedModel([gate().opened, text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model);
    await pass(GO_ON_MS);
    goOn(call);
    await pass(200);
    await finish(call);
    expect(asked(model)).toEqual([[`user: ${HALF}`], [`user: ${WHOLE}`]]);
    expect([call.said('user'), call.ttsEngine.said]).toEqual([[WHOLE], ['Booked.']]);
    expect(model.open).toBe(0);
  });

  it('is not said if the caller goes on while the TTS still works', async () => {
    const call = await cutOff(bookingModel(), { ttsEngine: new ToneTTS({ silenceMs: 600, toneMs: 300 }) });
    await synthesized(call, 'For how many?');
    goOn(call);
    await pass(100);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is not said if it was a speculation that was accepted', async () => {
    const model = bookingModel();
    const call = await openRepaired(model);
    call.speak();
    call.interim('I would like a table');
    await synthesized(call, 'For how many?');
    call.final(HALF);
    call.stop();
    await goOnOverAnswer(call);
    await pass(100);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
    expect(asked(model).at(-1)).toEqual([`user: ${WHOLE}`]);
  });

  it('stays paused until a slow STT has the words', async () => {
    const call = await cutOff(bookingModel());
    await goOnOverAnswer(call);
    await pass(400);
    call.stop();
    const played = call.played();
    await pass(900);
    expect(call.played() - played).toBe(0);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is taken back for words that come after it has resumed', async () => {
    const call = await cutOff(bookingModel(), { interruption: { falseInterruptionTimeout: 300 } });
    await goOnOverAnswer(call);
    await pass(200);
    call.stop();
    await pass(1_500);
    expect(call.session.agentState).toBe('speaking');
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is taken back for words that the VAD has not heard', async () => {
    const call = await cutOff(bookingModel());
    await speaking(call);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });
});

it('speculates on the whole turn', async () => {
  const model = bookingModel();
  const call = await cutOff(model);
  await goOnOverAnswer(call);
  await pass(100);
  call.silence(32);
  call.interim('for four at eight');
  await synthesized(call, 'Booked.');
  expect(call.said('user')).toEqual([]);
  await finish(call);
  expect(asked(model)).toEqual([[`user: ${HALF}`], [expect.stringContaining('for four at eight')]]);
  expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  await recorded(call, 2);
  expect(call.records[1]?.speculation).toMatchObject({ kept: 1 });
});

it('joins a turn that is cut off twice', async () => {
  const model = new ScriptedModel([text('For how many?')], [text('When?')], [text('Booked.')]);
  const call = await cutOff(model);
  await goOnOverAnswer(call);
  call.final('For four.');
  call.stop();
  await synthesized(call, 'When?');
  await goOnOverAnswer(call);
  await pass(100);
  await finish(call, 'At eight.');
  expect(call.said('user')).toEqual([`${HALF} For four. At eight.`]);
  expect(call.said('assistant')).toEqual(['Booked.']);
});

describe('a sound without words', () => {
  it('leaves the answer and the turn as they are: LiveKit resumes it', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model);
    await goOnOverAnswer(call);
    await pass(200);
    expect(call.session.agentState).toBe('listening');
    call.stop();
    await pass(1_100);
    expect(call.session.agentState).toBe('speaking');
    await answered(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[HALF], ['For how many?']]);
    await recorded(call);
    expect(call.records[0]).not.toHaveProperty('repaired');
  });

  it('is answered as the half turn again if an interim had words and the final has none', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('For how many, please?')]);
    const call = await cutOff(model);
    await goOnOverAnswer(call);
    call.interim('four');
    await pass(200);
    call.final('');
    call.stop();
    await answered(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[HALF], ['For how many, please?']]);
  });

  it('no longer stops the agent at once after two in a row: the line has an echo', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model);
    for (let turn = 0; turn < 3; turn++) {
      if (turn > 0) {
        call.speak();
        call.final(HALF);
        call.stop();
      }
      await goOnOverAnswer(call);
      await pass(100);
      expect(call.session.agentState).toBe(turn < 2 ? 'listening' : 'speaking');
      call.stop();
      await answered(call, turn + 1);
      await pass(2_000);
    }
  });
});

describe('a barge-in', () => {
  it.each<[string, number]>([
    ['that the caller begins later than 1.5 s after the commit', 1_700],
    ['of a caller who has heard the answer for long enough to react', 1_450],
  ])('%s stays one', async (_, afterMs) => {
    const call = await cutOff(bookingModel());
    await pass(afterMs);
    goOn(call);
    await pass(100);
    expect(call.session.agentState).toBe('speaking');
    call.final(REST);
    call.stop();
    await until(() => expect(call.said('user')).toEqual([HALF, REST]));
    await recorded(call, 1);
    expect(call.records[0]).not.toHaveProperty('repaired');
  });

  it('that responds to a short answer is a turn of its own', async () => {
    const model = new ScriptedModel([text('How many?')], [text('Booked.')]);
    const call = await cutOff(model, { ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 500 }) });
    await answered(call);
    await pass(300);
    call.speak();
    call.final('Four.');
    call.stop();
    await answered(call, 2);
    expect(call.said('user')).toEqual([HALF, 'Four.']);
  });
});
