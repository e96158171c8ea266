import { DEFAULT_ENDPOINTING, ManualClock } from '@firstword/turn';
import { initializeLogger, stt, VADEventType, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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

const { doubtfulMs, incompleteMs, sureMs } = DEFAULT_ENDPOINTING;

/** A real AgentSession whose caller pauses on a clock that is moved by hand, after the model was asked. */
async function openCall(probability: number, options: { eager?: boolean } = {}) {
  stopClock();
  const clock = new ManualClock();
  let asked = 0;
  const executor = {
    doInference: async () => {
      asked += 1;
      return { probability, inferenceDurationMs: 1 };
    },
  };
  const endpointing = { ...DEFAULT_ENDPOINTING, eotAfterMs: EOT_AFTER_MS };
  const detector = new DelayedTurnDetector({ executor, endpointing, clock });
  const [vad, eagerStt] = [new ScriptedVAD(), new ScriptedSTT()];
  const model = new ScriptedModel([{ type: 'text', text: 'Yes.' }]);
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
    said: () =>
      session.history.items.flatMap((item) =>
        item.type === 'message' && item.role === 'user' ? [item.textContent] : [],
      ),
    /** Speaks, and is silent for long enough that the model was asked and the VAD has called speech ended. */
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

describe('a session with the patient detector', () => {
  it('commits at once where the end is sure', async () => {
    const call = await openCall(0.9);
    await call.sayAndPause('What time do you open?');
    await until(() => expect(call.said()).toEqual(['What time do you open?']));
    expect(call.detector.decision).toMatchObject({ waitMs: sureMs, ending: 'complete' });
  });

  it('commits no sooner than the wait is over, although LiveKit’s own delays are none', async () => {
    const call = await openCall(0.05);
    await call.sayAndPause('What time do you open?');
    call.clock.advance(doubtfulMs - 256 - 1);
    await settled();
    expect(call.said()).toEqual([]);
    call.clock.advance(1);
    await until(() => expect(call.said()).toEqual(['What time do you open?']));
  });

  it('waits for words that call for more as far as its eagerStt are sure of them', async () => {
    const call = await openCall(0.9, { eager: true });
    await call.sayAndPause('My love and.', { metadata: { [END_CONFIDENCE]: 0.4 } });
    call.clock.advance(incompleteMs / 2 - 256 - 1);
    await settled();
    expect(call.said()).toEqual([]);
    call.clock.advance(1);
    await until(() => expect(call.said()).toEqual(['My love and.']));
    expect(call.detector.decision).toMatchObject({ ending: 'incomplete', confidence: 0.4 });
  });

  it('makes one turn of what is said before and after a pause', async () => {
    const call = await openCall(0.9);
    await call.sayAndPause('It is for');
    call.clock.advance(incompleteMs - 256 - 1);
    await settled();
    expect(call.said()).toEqual([]);
    await call.sayAndPause('four people.');
    await until(() => expect(call.said()).toEqual(['It is for four people.']));
  });

  it('holds up no close, and nothing is asked after it', async () => {
    const call = await openCall(0.05);
    await call.sayAndPause('What time do you open?');
    await during(call.session.close());
    call.detach();
    expect(call.clock.pendingTimers).toBe(0);
    await settled();
    expect(call.asked()).toBe(0);
  });

  it('is over before another agent listens, which is asked what the caller says then, once', async () => {
    const call = await openCall(0.9);
    await call.sayAndPause('It is for');
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    await until(() => expect(call.session.currentAgent).toBe(next));
    // LiveKit lets the old agent finish its wait first, as it does with its own delays.
    call.clock.advance(incompleteMs);
    await pass(100);
    expect(call.asked()).toBe(0);
    await call.sayAndPause('Are you there?');
    await until(() => expect(call.said()).toEqual(['Are you there?']));
    call.clock.advance(incompleteMs + doubtfulMs);
    await pass(1_000);
    expect([call.said().length, call.asked()]).toEqual([1, 1]);
  });

  it('is waited for by LiveKit for as long as it may take', async () => {
    const { detector } = await openCall(0.9);
    const stream = detector.stream();
    expect(stream.predictionTimeout).toBeGreaterThan(Math.max(doubtfulMs, incompleteMs));
    await stream.aclose();
  });
});
