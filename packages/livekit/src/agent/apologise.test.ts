import { FirstwordError } from '@firstword/turn';
import { initializeLogger, type llm, stt, VADEventType, voice } from '@livekit/agents';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cascade } from '../session/preset.js';
import { LocalTTS } from '../speak/local-tts.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneVoice } from '../testing/scripted.js';
import { FirstwordLLM } from '../think/llm.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { apologise } from './apologise.js';

const APOLOGY = 'I am sorry, could you say that again?';
const ANSWER = 'Certainly, right away.';
const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
const closers: (() => Promise<void>)[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A caller whose words, final before the turn is committed, start a speculation each. */
async function rig(model: ScriptedModel) {
  const vad = new ScriptedVAD();
  const ears = new ScriptedSTT();
  const brain = new FirstwordLLM(model);
  const options = cascade({ vad, stt: ears, llm: brain, tts: new LocalTTS(new ToneVoice()) });
  const session = new voice.AgentSession({
    ...options,
    turnHandling: {
      ...options.turnHandling,
      turnDetection: 'vad',
      endpointing: { minDelay: 50, maxDelay: 100 },
    },
  });
  session.input.audio = new PushAudioInput();
  session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  const failed = new Promise<void>((resolve) =>
    session.on(voice.AgentSessionEventTypes.Error, () => resolve()),
  );
  apologise(session, brain, APOLOGY);
  const said = new Promise<llm.ChatMessage>((resolve) => {
    session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
      if (item.type === 'message' && item.role === 'assistant') resolve(item);
    });
  });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  closers.push(() => session.close());
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
  return {
    failed,
    said,
    hear: (words: string) => ears.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, words),
    pause: () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false }),
  };
}

describe('apologise', () => {
  it('is heard to the end although the LLM failed before the turn was committed', async () => {
    const { hear, pause, failed, said } = await rig(new ScriptedModel([failure]));
    hear('book a table');
    await failed;
    pause();
    const message = await said;
    expect(message.textContent).toBe(APOLOGY);
    expect(message.interrupted).toBe(false);
  });

  it('is not said when a later request of the same turn was answered', async () => {
    const model = new ScriptedModel([failure], [{ type: 'text', text: ANSWER }]);
    const { hear, pause, failed, said } = await rig(model);
    hear('book a table');
    await failed;
    hear('for two');
    pause();
    expect((await said).textContent).toBe(ANSWER);
  });
});
