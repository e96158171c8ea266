import { FirstwordError } from '@firstword/turn';
import {
  APIConnectionError,
  initializeLogger,
  type llm,
  stt,
  type tts,
  VADEventType,
  voice,
} from '@livekit/agents';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { cascade } from '../session/preset.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS } from '../testing/scripted.js';
import { ScriptedTTS, SPOKEN } from '../testing/scripted-tts.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { LocalTTS } from '../tts/local-tts.js';
import { apologise } from './apologise.js';

const APOLOGY = 'I am sorry, could you say that again?';
const ANSWER = 'Certainly, right away.';
const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
const closers: (() => Promise<void>)[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A caller whose transcripts are final before the turn is committed; each one starts a speculation. */
async function rig(model: ScriptedModel, ttsEngine: tts.TTS = new LocalTTS(new ToneTTS())) {
  const vad = new ScriptedVAD();
  const eagerStt = new ScriptedSTT();
  const firstwordLlm = new FirstwordLLM(model);
  const options = cascade({ vad, stt: eagerStt, llm: firstwordLlm, tts: ttsEngine });
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
  apologise(session, firstwordLlm, APOLOGY);
  const all: (string | undefined)[] = [];
  const spoken = new Promise<llm.ChatMessage>((resolve) => {
    session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
      if (item.type !== 'message' || item.role !== 'assistant') return;
      all.push(item.textContent);
      resolve(item);
    });
  });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  closers.push(() => session.close());
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
  return {
    failed,
    spoken,
    all,
    hear: (words: string) => eagerStt.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, words),
    pause: () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false }),
  };
}

describe('apologise', () => {
  it('is played to the end even though the LLM failed before the turn was committed', async () => {
    const { hear, pause, failed, spoken } = await rig(new ScriptedModel([failure]));
    hear('book a table');
    await failed;
    pause();
    const message = await spoken;
    expect(message.textContent).toBe(APOLOGY);
    expect(message.interrupted).toBe(false);
  });

  it('is not spoken when a later request of the same turn succeeded', async () => {
    const model = new ScriptedModel([failure], [{ type: 'text', text: ANSWER }]);
    const { hear, pause, failed, spoken } = await rig(model);
    hear('book a table');
    await failed;
    hear('for two');
    pause();
    expect((await spoken).textContent).toBe(ANSWER);
  });

  it('is played even though the TTS is down if its audio is cached', async () => {
    const down = new APIConnectionError({ message: 'down', options: { retryable: false } });
    let isDown = false;
    const inner = new ScriptedTTS(true, () => (isDown ? [down] : SPOKEN));
    // A filler's audio is cached in memory; greetings and apologies are loaded from disk.
    const ttsEngine = new ClauseTTS(inner, { filler: { phrases: [APOLOGY], overMs: 60_000 } });
    await ttsEngine.warm();
    isDown = true;
    const { hear, pause, failed, all } = await rig(
      new ScriptedModel([{ type: 'text', text: ANSWER }]),
      ttsEngine,
    );
    hear('book a table');
    pause();
    await failed;
    // LiveKit counts an answer without audio as spoken.
    await expect.poll(() => all, { timeout: 5_000 }).toEqual([ANSWER, APOLOGY]);
  });
});
