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
import { ScriptedVoice, SPOKEN, tone, type VoiceStep } from '../testing/scripted-voice.js';

const FAULTS: [string, VoiceStep[]][] = [
  ['fails', [new APIConnectionError({ message: 'The voice is down.' })]],
  ['stalls', ['stall']],
  ['returns silence', [tone(300, 0)]],
];
/** A stall, and the second try: LiveKit waits twice so long. */
const GIVEN_UP_MS = 1_500;

describe.each(FAULTS)('a voice that %s', (name, steps) => {
  describe.each(MOMENTS)('at the moment "%s"', (moment) => {
    /** What is being heard already has a sound first part: the fault is in the second. */
    const faulty = moment === 'speaking' ? [REST] : [FIRST.trim(), REST];

    async function reached(): Promise<HeldTurn & { inner: ScriptedVoice }> {
      const inner = new ScriptedVoice(false, (text) => (faulty.includes(text) ? steps : SPOKEN));
      const levers = { clause: true, trimSilence: true };
      const turn = await openTurn({ script: { voice: inner, levers } });
      await reach(moment, turn);
      return { ...turn, inner };
    }

    it('is told of, and the next turn is heard', async () => {
      const turn = await reached();
      finish(moment, turn);
      await until(() => expect(turn.inner.said).toContain(faulty[0]));
      await pass(GIVEN_UP_MS);
      // An answer that was heard in part is an answer.
      const isHeard = moment === 'speaking' && name === 'returns silence';
      await until(() => expect(turn.call.errors.length > 0).toBe(!isHeard));
      const before = turn.call.played();
      await answersOneMore(turn);
      expect(turn.call.played()).toBeGreaterThan(before);
      expectNoMoreThanWhole(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('does not keep a caller who goes on from being heard', async () => {
      const turn = await reached();
      await callerGoesOn(moment, turn);
      await answersOneMore(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('does not keep the caller from another agent', async () => {
      const turn = await reached();
      const taking = anotherTakesOver(turn);
      await pass(GIVEN_UP_MS);
      await taking;
      await answersOneMore(turn);
      expectNoMoreThanWhole(turn);
      await closesClean(turn);
      await turn.inner.idle();
    });

    it('is let go of when the session closes', async () => {
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
