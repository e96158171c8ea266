import { DEFAULT_ENDPOINTING, ManualClock } from '@firstword/turn';
import { inference, initializeLogger, stt, VADEventType, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { END_CONFIDENCE } from '../stt/end-confidence.js';
import { during, pass, settled, until } from '../testing/call-rig.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD } from '../testing/scripted.js';
import { stopClock } from '../testing/stopped-clock.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { attachEndpointing, DelayedTurnDetector } from './end-of-turn.js';
import { EOT_AFTER_MS } from './endpointing.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const { maxDelayMs, minDelayMs } = DEFAULT_ENDPOINTING;

/** A real AgentSession; after the end-of-turn model has run, the caller's pause lasts as long as the test advances the clock. */
async function openCall(
  probability: number,
  options: { eager?: boolean; answer?: string; clock?: ManualClock } = {},
) {
  stopClock();
  const { clock = new ManualClock() } = options;
  let asked = 0;
  const executor = {
    doInference: async () => {
      asked += 1;
      return { probability, inferenceDurationMs: 1 };
    },
  };
  const endpointing = { ...DEFAULT_ENDPOINTING, eotAfterMs: EOT_AFTER_MS };
  const inner = new inference.TurnDetector({ version: 'v1-mini', executor });
  const detector = new DelayedTurnDetector({ detector: inner, endpointing, clock });
  const [vad, eagerStt] = [new ScriptedVAD(), new ScriptedSTT()];
  const model = new ScriptedModel([{ type: 'text', text: options.answer ?? 'Yes.' }]);
  const session = new voice.AgentSession({
    stt: options.eager ? new EagerSTT(eagerStt) : eagerStt,
    vad,
    llm: new FirstwordLLM(model),
    turnHandling: {
      turnDetection: detector,
      endpointing: { mode: 'fixed', minDelay: 0, maxDelay: 0 },
      preemptiveGeneration: { enabled: false },
    },
  });
  session.input.audio = new PushAudioInput();
  const detach = attachEndpointing(session);
  await during(session.start({ agent: new voice.Agent({ instructions: 'x' }) }));
  onTestFinished(async () => {
    detach();
    await during(session.close());
  });
  return {
    session,
    detach,
    clock,
    detector,
    asked: () => model.asked.length,
    userMessages: () =>
      session.history.items.flatMap((item) =>
        item.type === 'message' && item.role === 'user' ? [item.textContent] : [],
      ),
    /** Speaks, then stays silent until the end-of-turn model has run and the VAD has ended speech. */
    sayAndPause: async (words: string, more: Partial<stt.SpeechData> = {}) => {
      const before = asked;
      vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: 200 });
      await until(() => expect(asked).toBe(before + 1));
      clock.advance(256 - EOT_AFTER_MS);
      vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 256, speaking: false });
      eagerStt.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, words, more);
      await settled();
    },
  };
}

describe('a session with DelayedTurnDetector', () => {
  it('commits at once if the end of turn is certain', async () => {
    const call = await openCall(0.9);
    await call.sayAndPause('What time do you open?');
    await until(() => expect(call.userMessages()).toEqual(['What time do you open?']));
    expect(call.detector.decision).toMatchObject({ waitMs: minDelayMs, ending: 'question' });
  });

  it('commits only after the wait, even with LiveKit’s own delays at 0', async () => {
    const call = await openCall(0.05);
    await call.sayAndPause('I would like a table.');
    await until(() => expect(call.detector.decision?.ending).toBe('complete'));
    call.clock.advance(call.detector.decision!.waitMs - 256 - 1);
    await settled();
    expect(call.userMessages()).toEqual([]);
    call.clock.advance(1);
    await until(() => expect(call.userMessages()).toEqual(['I would like a table.']));
  });

  it('waits longer on an incomplete utterance, scaled by the STT confidence', async () => {
    const call = await openCall(0.5, { eager: true });
    await call.sayAndPause('My love and.', { metadata: { [END_CONFIDENCE]: 0.4 } });
    await until(() => expect(call.detector.decision?.ending).toBe('incomplete'));
    call.clock.advance(call.detector.decision!.waitMs - 256 - 1);
    await settled();
    expect(call.userMessages()).toEqual([]);
    call.clock.advance(1);
    await until(() => expect(call.userMessages()).toEqual(['My love and.']));
    expect(call.detector.decision).toMatchObject({ ending: 'incomplete', confidence: 0.4 });
  });

  it('joins the speech before and after a pause into one turn', async () => {
    const call = await openCall(0.8);
    await call.sayAndPause('It is for');
    await until(() => expect(call.detector.decision?.ending).toBe('incomplete'));
    call.clock.advance(call.detector.decision!.waitMs - 256 - 1);
    await settled();
    expect(call.userMessages()).toEqual([]);
    await call.sayAndPause('four people.');
    await until(() => expect(call.userMessages()).toEqual(['It is for four people.']));
  });

  it('waits for the rest of an answer that the agent has asked for', async () => {
    const call = await openCall(0.7, { answer: 'Sure. What is your phone number?' });
    await call.sayAndPause('I need a callback.');
    call.clock.advance(maxDelayMs);
    await until(() => expect(call.session.history.items.at(-1)).toMatchObject({ role: 'assistant' }));
    await call.sayAndPause('five five five');
    await until(() => expect(call.detector.decision?.ending).toBe('incomplete'));
    call.clock.advance(call.detector.decision!.waitMs - 256 - 1);
    await settled();
    expect(call.userMessages()).toHaveLength(1);
    await call.sayAndPause('one two three four five six seven');
    await until(() => expect(call.userMessages()).toHaveLength(2));
    expect(call.detector.decision?.ending).toBe('answered');
  });

  it('does not delay closing, and sends no LLM request after it', async () => {
    const call = await openCall(0.05);
    await call.sayAndPause('What time do you open?');
    await during(call.session.close());
    call.detach();
    expect(call.clock.pendingTimers).toBe(0);
    await settled();
    expect(call.asked()).toBe(0);
  });

  it('ends its wait before another agent takes over, which answers the next turn once', async () => {
    const call = await openCall(0.8);
    await call.sayAndPause('It is for');
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    await until(() => expect(call.session.currentAgent).toBe(next));
    // LiveKit lets the old agent finish its wait first, as it does with its own delays.
    call.clock.advance(maxDelayMs);
    await pass(100);
    expect(call.asked()).toBe(0);
    await call.sayAndPause('Are you there?');
    await until(() => expect(call.userMessages()).toEqual(['Are you there?']));
    call.clock.advance(2 * maxDelayMs);
    await pass(1_000);
    expect([call.userMessages().length, call.asked()]).toEqual([1, 1]);
  });

  it('commits in time although the wall clock is set back or forward during the wait', async () => {
    for (const byMs of [-3_600_000, 3_600_000]) {
      const clock = Object.assign(new ManualClock(), { wallMs: () => Date.now() });
      const call = await openCall(0.05, { clock });
      await call.sayAndPause('I would like a table.');
      await until(() => expect(call.detector.decision?.ending).toBe('complete'));
      vi.setSystemTime(Date.now() + byMs);
      await pass(maxDelayMs);
      call.clock.advance(maxDelayMs);
      await pass(100);
      expect(call.userMessages()).toEqual(['I would like a table.']);
    }
  });

  it('makes LiveKit wait as long as the detector may take', async () => {
    const { detector } = await openCall(0.9);
    const stream = detector.stream();
    expect(stream.predictionTimeout).toBeGreaterThan(maxDelayMs);
    await stream.aclose();
  });
});
