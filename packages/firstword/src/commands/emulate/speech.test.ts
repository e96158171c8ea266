import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSpeechParts } from './speech-parts.js';
import { speechServiceNames, speechServiceSetups } from './speech-services.js';

const { signal } = new AbortController();

function transcript(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'transcript-')), 'call.txt');
  writeFileSync(path, 'Hello\nA table for four\n');
  return path;
}

describe('services', () => {
  it('are checked by name', () => {
    expect(speechServiceNames('deepgram, cartesia')).toEqual(['deepgram', 'cartesia']);
    expect(() => speechServiceNames('deepgam')).toThrow('deepgram');
  });

  it('are told how to be reached', () => {
    const [inference, deepgram] = speechServiceSetups(
      ['livekit-inference', 'deepgram'],
      'http://127.0.0.1:8000',
    );
    expect(inference!.environment.LIVEKIT_INFERENCE_URL).toBe('http://127.0.0.1:8000/v1');
    expect(deepgram!.code[0]).toContain('ws://127.0.0.1:8000');
  });
});

describe('what the services hear', () => {
  it('is the transcript', async () => {
    const path = transcript();
    const { recognizer, description, close } = await openSpeechParts({ transcript: path, signal });
    expect(description).toContain(path);
    const stream = recognizer.openStream();
    stream.speechStarted(0);
    stream.speechPaused(600);
    expect((await stream.endSegment()).map(({ text }) => text)).toEqual(['Hello']);
    await close();
  });

  it('must be given if the embedded speech is not installed', async () => {
    const loadEmbedded = () => Promise.resolve(undefined);
    const without = openSpeechParts({ transcript: undefined, signal, loadEmbedded });
    await expect(without).rejects.toThrow('--transcript FILE');
    const { description } = await openSpeechParts({ transcript: transcript(), signal, loadEmbedded });
    expect(description).toContain('tones');
  });

  it('must be a file', async () => {
    await expect(openSpeechParts({ transcript: '/nothing/there', signal })).rejects.toThrow('cannot be read');
  });
});
