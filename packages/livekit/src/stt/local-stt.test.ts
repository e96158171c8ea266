import type { SpeechToText, TranscriptHandlers } from '@firstword/turn';
import { initializeLogger, type stt, VADEventType } from '@livekit/agents';
import { beforeAll, expect, it, vi } from 'vitest';
import { ScriptedVAD } from '../testing/scripted.js';
import { PAUSED_MS } from './current-interim.js';
import { LocalSTT } from './local-stt.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** A local STT whose engine and VAD events the test sends. */
async function open() {
  let handlers: TranscriptHandlers | undefined;
  const hintPause = vi.fn();
  const engine: SpeechToText = {
    provider: 'test',
    model: 'test',
    ready: async () => {},
    openStream: (given) => {
      handlers = given;
      return { push() {}, beginUtterance() {}, hintPause, endUtterance() {}, close() {} };
    },
    close: async () => {},
  };
  const vad = new ScriptedVAD();
  const stream = new LocalSTT(engine, { vad }).stream();
  const reported: unknown[] = [];
  void (async () => {
    for await (const event of stream) reported.push(...interimIn(event));
  })();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await vi.waitFor(() => expect(vad.streams).toHaveLength(1), { timeout: 10_000 });
  return {
    reported,
    stream,
    hintPause,
    say: async (type: VADEventType, silenceMs = 0) => {
      vad.say(type, { rawAccumulatedSilence: silenceMs });
      for (let i = 0; i < 5; i++) await settle();
    },
    hear: async (text: string, paused = false) => {
      handlers?.onTranscript({ kind: 'interim', text, paused, audioMs: 0, decodeMs: 0 });
      for (let i = 0; i < 5; i++) await settle();
    },
  };
}

function interimIn({ alternatives }: stt.SpeechEvent): unknown[] {
  const data = alternatives?.[0];
  return data ? [[data.text, data.metadata?.[PAUSED_MS]]] : [];
}

const { START_OF_SPEECH, INFERENCE_DONE } = VADEventType;

it('reports the length of a pause, and again when it has become a long one', async () => {
  const { say, hear, reported, hintPause, stream } = await open();
  await say(START_OF_SPEECH);
  await hear('no');
  await say(INFERENCE_DONE, 32);
  expect(hintPause).toHaveBeenCalledOnce();
  await hear('No.', true);
  for (const silenceMs of [64, 96, 128]) await say(INFERENCE_DONE, silenceMs);
  expect(reported).toEqual([
    ['no', 0],
    ['No.', 32],
    ['No.', 96],
  ]);
  stream.close();
});

it('reports nothing more about a pause in which speech resumes', async () => {
  const { say, hear, reported, stream } = await open();
  await say(START_OF_SPEECH);
  await say(INFERENCE_DONE, 32);
  await hear('No.', true);
  for (const silenceMs of [0, 32, 64, 96]) await say(INFERENCE_DONE, silenceMs);
  expect(reported).toEqual([['No.', 32]]);
  stream.close();
});

it('reports a late decode of a long pause once', async () => {
  const { say, hear, reported, stream } = await open();
  await say(START_OF_SPEECH);
  for (const silenceMs of [32, 64, 96]) await say(INFERENCE_DONE, silenceMs);
  await hear('No.', true);
  await say(INFERENCE_DONE, 128);
  expect(reported).toEqual([['No.', 96]]);
  stream.close();
});
