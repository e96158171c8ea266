import { ProviderError } from '@firstword/llm';
import { initializeLogger, stt, voice } from '@livekit/agents';
import { expect, it, onTestFinished } from 'vitest';
import { attachEagerSTT } from '../stt/attach.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { during, openCall, pass, until } from '../testing/call-rig.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD } from '../testing/scripted.js';
import { stopClock } from '../testing/stopped-clock.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { FirstwordLLM } from './llm.js';

const UTTERANCE = ['I want a table', 'I want a table. For two', 'I want a table. For two. At eight'];
const outage = () => new ScriptedModel([new ProviderError('auth', 'down', { provider: 'scripted' })]);

it.each([undefined, 'session'] as const)(
  'an utterance during an outage is one error of the session, however many speculations failed (drop-in: %s)',
  async (dropIn) => {
    const model = outage();
    const call = await openCall(model, dropIn ? { dropIn } : {});
    call.speak();
    call.silence(32);
    for (const [index, words] of UTTERANCE.entries()) {
      call.interim(words);
      await until(() => expect(model.asked.length).toBeGreaterThan(index));
    }
    await pass(300);
    expect(call.errors).toEqual([]);
    call.final(`${UTTERANCE.at(-1)}.`);
    call.stop();
    await until(() => expect(call.errors).toHaveLength(1));
    await pass(300);
    expect(call.errors).toHaveLength(1);
  },
);

it('an outage during one utterance does not close LiveKit’s own session with an EagerSTT', async () => {
  stopClock();
  initializeLogger({ pretty: false, level: 'silent' });
  const [model, vad, inner] = [outage(), new ScriptedVAD(), new ScriptedSTT()];
  const session = new voice.AgentSession({
    vad,
    stt: new EagerSTT(inner, { vad }),
    llm: new FirstwordLLM(model),
    turnHandling: { turnDetection: 'vad', endpointing: { minDelay: 50, maxDelay: 100 } },
    connOptions: { maxUnrecoverableErrors: 1 },
  });
  session.input.audio = new PushAudioInput();
  let [errors, isClosed] = [0, false];
  session.on(voice.AgentSessionEventTypes.Error, () => {
    errors += 1;
  });
  session.on(voice.AgentSessionEventTypes.Close, () => {
    isClosed = true;
  });
  const detach = attachEagerSTT(session);
  await during(session.start({ agent: new voice.Agent({ instructions: 'x' }) }));
  onTestFinished(async () => {
    await during(session.close());
    detach();
  });
  inner.hear(stt.SpeechEventType.START_OF_SPEECH, '');
  for (const [index, words] of UTTERANCE.entries()) {
    inner.hear(stt.SpeechEventType.INTERIM_TRANSCRIPT, words, { confidence: 0.95 });
    await until(() => expect(model.asked.length).toBeGreaterThan(index));
  }
  await pass(300);
  expect([errors, isClosed]).toEqual([0, false]);
});
