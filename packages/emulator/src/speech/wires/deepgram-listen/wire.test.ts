import { STT } from '@livekit/agents-plugin-deepgram';
import { expect, it } from 'vitest';
import { joined } from '../../audio/pcm.js';
import { transcriptRecognizer } from '../../hear/transcript.js';
import { startSpeechEmulator } from '../../speech-emulator.js';
import { atLeast, ONCE, pushAtOnce, pushAtPace, reportedBy, silence, spoken } from '../../testing/caller.js';

const LINE = 'table for four please';

async function started(options: { sttProfile?: string } = {}) {
  const emulator = await startSpeechEmulator({
    recognizer: transcriptRecognizer([{ text: LINE }]),
    sttProfile: 'instant-stt',
    ...options,
  });
  const stt = new STT({ apiKey: 'any', baseUrl: emulator.origin.replace('http', 'ws') });
  return { emulator, stt, stream: stt.stream() };
}

it('gives the plugin a formatted final at the end of the speech', async () => {
  const { emulator, stream } = await started();
  pushAtOnce(stream, joined([await spoken(LINE), silence(400)]));
  const reported = await reportedBy(stream, atLeast(1, 'end'));
  expect(reported.map(({ type }) => type)).toEqual(['start', 'final', 'end']);
  expect(reported[1]).toMatchObject({ text: 'Table for 4 please.' });
  expect(reported[1]!.confidence).toBeGreaterThan(0.9);
  stream.close();
  await emulator.close();
});

it('gives the plugin interims while the caller speaks', async () => {
  const { emulator, stream } = await started();
  const pushing = pushAtPace(stream, joined([await spoken(LINE), silence(400)]));
  const reported = await reportedBy(stream, atLeast(1, 'final'));
  await pushing;
  const interims = reported.filter(({ type }) => type === 'interim').map(({ text }) => text);
  expect(interims.length).toBeGreaterThan(3);
  expect(interims[0]).toBe('Table');
  for (const interim of interims)
    expect(LINE.replace('four', '4').startsWith(interim.toLowerCase())).toBe(true);
  stream.close();
  await emulator.close();
});

it('gives a final when the plugin flushes', async () => {
  const { emulator, stream } = await started({ sttProfile: 'deepgram-nova-3' });
  pushAtOnce(stream, joined([await spoken(LINE), silence(40)]));
  stream.flush();
  const reported = await reportedBy(stream, atLeast(1, 'final'));
  expect(reported.at(-1)!.text).toContain('Table');
  stream.close();
  await emulator.close();
});

it('refuses a wrong key', async () => {
  const emulator = await startSpeechEmulator({ llm: { requireKey: 'right' } });
  const stt = new STT({ apiKey: 'wrong', baseUrl: emulator.origin.replace('http', 'ws') });
  const errors: unknown[] = [];
  stt.on('error', (error) => errors.push(error));
  const stream = stt.stream({ connOptions: ONCE });
  pushAtOnce(stream, silence(100));
  await reportedBy(stream, () => false);
  expect(emulator.speechStats().services['deepgram-stt'].refused).toBe(1);
  expect(errors).toHaveLength(1);
  await emulator.close();
});
