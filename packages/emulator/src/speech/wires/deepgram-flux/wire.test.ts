import { STTv2 } from '@livekit/agents-plugin-deepgram';
import { describe, expect, it } from 'vitest';
import { joined } from '../../audio/pcm.js';
import { transcriptRecognizer } from '../../hear/transcript.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { STT_PROFILES } from '../../stt/profiles.js';
import { atLeast, pushAtPace, reportedBy, silence, spoken } from '../../testing/caller.js';

const FLUX = STT_PROFILES.find(({ name }) => name === 'deepgram-flux')!;
/** As fast as Flux at its fastest; the likely end 150 ms before the end. */
const PROFILE = { ...FLUX, final: { p50Ms: 300, p95Ms: 300 }, eager: { p50Ms: 150, p95Ms: 150 } };

async function call(options: {
  audio: Int16Array;
  lines: string[];
  eagerEotThreshold?: number;
  finals?: number;
}) {
  const { audio, lines, eagerEotThreshold, finals = 1 } = options;
  const emulator = await startSpeechEmulator({
    recognizer: transcriptRecognizer(lines.map((text) => ({ text }))),
    sttProfile: PROFILE,
  });
  const stt = new STTv2({
    apiKey: 'any',
    endpointUrl: `${emulator.origin}/v2/listen`,
    ...(eagerEotThreshold === undefined ? {} : { eagerEotThreshold }),
  });
  const stream = stt.stream();
  const pushing = pushAtPace(stream, audio);
  const reported = await reportedBy(stream, atLeast(finals, 'end'));
  await pushing;
  stream.close();
  await emulator.close();
  return reported;
}

describe.concurrent('through LiveKit’s plugin', () => {
  it('reports the turn, its likely end and its end', async () => {
    const lines = ['table for four please'];
    const audio = joined([await spoken(lines[0]!), silence(800)]);
    const reported = await call({ audio, lines, eagerEotThreshold: 0.5 });
    const types = reported.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(['start', 'interim']);
    expect(types.slice(-2)).toEqual(['final', 'end']);
    expect(reported.at(-2)!.text).toBe('Table for 4 please.');
    // Flux goes on with updates of the same words after the likely end.
    const fromLikelyEnd = reported.slice(types.indexOf('preflight'), -1).map(({ text }) => text);
    expect(fromLikelyEnd.length).toBeGreaterThan(1);
    expect(new Set(fromLikelyEnd)).toEqual(new Set(['Table for 4 please.']));
  });

  it('reports no likely end without a threshold for it', async () => {
    const lines = ['yes please'];
    const reported = await call({ audio: joined([await spoken(lines[0]!), silence(800)]), lines });
    expect(reported.map(({ type }) => type)).not.toContain('preflight');
  });

  it('takes a likely end back when the caller goes on', async () => {
    const lines = ['could you book a table please'];
    const audio = joined([
      await spoken('could you'),
      silence(150),
      await spoken('book a table please'),
      silence(800),
    ]);
    const reported = await call({ audio, lines, eagerEotThreshold: 0.5 });
    const types = reported.map(({ type }) => type);
    expect(types.filter((type) => type === 'preflight')).toHaveLength(2);
    expect(types[types.indexOf('preflight') + 1]).toBe('interim');
    expect(types.filter((type) => type === 'final')).toHaveLength(1);
    expect(reported.at(-2)!.text).toBe('Could you book a table please.');
  });

  it('counts turns', async () => {
    const lines = ['yes please', 'thank you'];
    const audio = joined([await spoken(lines[0]!), silence(800), await spoken(lines[1]!), silence(800)]);
    const reported = await call({ audio, lines, finals: 2 });
    expect(reported.filter(({ type }) => type === 'final').map(({ text }) => text)).toEqual([
      'Yes please.',
      'Thank you.',
    ]);
  });
});
