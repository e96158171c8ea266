import { inference, initializeLogger, type VADEvent, VADEventType } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { vadOptions } from '../internals/vad-stream.js';
import { PromptVAD } from './prompt-vad.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** The events of a VAD for frames of digital silence. */
async function onSilence(vad: inference.VAD): Promise<VADEvent[]> {
  const stream = vad.stream();
  stream.pushFrame(new AudioFrame(new Int16Array(512 * 4), 16_000, 1, 512 * 4));
  const events: VADEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (events.length === 4) break;
  }
  stream.close();
  return events;
}

describe('PromptVAD', () => {
  it('includes the current frame in its silence count, where LiveKit’s VAD is one frame behind', async () => {
    const silence = (events: VADEvent[]) => events.map((e) => e.rawAccumulatedSilence);
    expect(silence(await onSilence(new inference.VAD()))).toEqual([0, 32, 64, 96]);
    expect(silence(await onSilence(new PromptVAD()))).toEqual([32, 64, 96, 128]);
  });

  it('makes LiveKit query the end-of-turn model after `eotAfterMs`', async () => {
    const events = await onSilence(new PromptVAD({ eotAfterMs: 96 }));
    expect(events.map((e) => e.rawAccumulatedSilence)).toEqual([32, 64, 200, 200]);
  });

  it('detects silence below 0.5, where LiveKit detects speech down to 0.35', () => {
    const [standard, custom] = [new PromptVAD(), new PromptVAD({ deactivationThreshold: 0.2 })];
    const thresholds = [new inference.VAD(), standard, custom].map(vadOptions);
    expect(thresholds.map((options) => options.deactivationThreshold)).toEqual([0.35, 0.5, 0.2]);
    expect(vadOptions(standard)).toEqual({ ...vadOptions(new inference.VAD()), deactivationThreshold: 0.5 });
  });

  it('changes nothing else', async () => {
    const types = (events: VADEvent[]) => events.map((e) => e.type);
    expect(types(await onSilence(new PromptVAD()))).toEqual(Array(4).fill(VADEventType.INFERENCE_DONE));
  });
});
