import { APIConnectionError } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { pass, settled, until } from '../testing/call-rig.js';
import {
  anotherTakesOver,
  answersOneMore,
  answersTo,
  callerGoesOn,
  closesClean,
  expectNoMoreThanWhole,
  FIRST,
  finish,
  type HeldTurn,
  MOMENTS,
  openTurn,
  REST,
  reach,
} from '../testing/held-turn.js';
import { ScriptedTTS, SPOKEN, type TTSStep, tone } from '../testing/scripted-tts.js';

const FAULTS: [string, TTSStep[]][] = [
  ['fails', [new APIConnectionError({ message: 'The TTS is down.' })]],
  ['stalls', ['stall']],
  ['returns silence', [tone(300, 0)]],
];
/** Long enough for a stall and its retry to time out, ms. */
const GIVEN_UP_MS = 1_500;

describe.each(FAULTS)('a TTS that %s', (name, steps) => {
  describe.each(MOMENTS)('at the moment "%s"', (moment) => {
    /** When the answer is already playing, its first part is intact: the fault is in the second. */
    const faulty = moment === 'speaking' ? [REST] : [FIRST.trim(), REST];

    async function reached(): Promise<HeldTurn & { inner: ScriptedTTS }> {
      const inner = new ScriptedTTS(false, (text) => (faulty.includes(text) ? steps : SPOKEN));
      const levers = { clause: true, trimSilence: true };
      const turn = await openTurn({ script: { scriptedTts: inner, levers } });
      await reach(moment, turn);
      return { ...turn, inner };
    }

    it('is reported, and the next turn is audible', async () => {
      const turn = await reached();
      finish(moment, turn);
      await until(() => expect(turn.inner.said).toContain(faulty[0]));
      await pass(GIVEN_UP_MS);
      // A partly audible answer counts as an answer, so no error is reported.
      const isAudible = moment === 'speaking' && name === 'returns silence';
      await until(() => expect(turn.call.errors.length > 0).toBe(!isAudible));
      const before = turn.call.played();
      await answersOneMore(turn);
      expect(turn.call.played()).toBeGreaterThan(before);
      expectNoMoreThanWhole(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('still answers a caller who keeps speaking', async () => {
      const turn = await reached();
      await callerGoesOn(moment, turn);
      await answersOneMore(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('does not block a handoff to another agent', async () => {
      const turn = await reached();
      const taking = anotherTakesOver(turn);
      await pass(GIVEN_UP_MS);
      await taking;
      await answersOneMore(turn);
      expectNoMoreThanWhole(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('is released when the session closes', async () => {
      const turn = await reached();
      await closesClean(turn);
      const before = turn.call.played();
      turn.model.letAll();
      await settled();
      await pass(GIVEN_UP_MS);
      expect(turn.call.played()).toBe(before);
      expect(answersTo(turn).length).toBeLessThanOrEqual(1);
      await turn.inner.idle();
    });
  });
});
