import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RecordedPause } from '../pause.js';
import { withFinalsAfter } from '../policies.js';
import { renderPeople } from '../table.js';
import { readSpeech } from './manifest.js';
import { groupsOf, peopleReport } from './people-report.js';

async function folderWith(manifest: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'firstword-speech-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'manifest.jsonl'), manifest);
  return dir;
}

const UTTERANCE = {
  file: 'a.flac',
  speaker: 'x',
  source: 's',
  language: 'en',
  kind: 'request',
  sampleRate: 16_000,
  speechStartMs: 300,
  speechEndMs: 2_000,
  pauses: [{ startMs: 900, endMs: 1_300 }],
  end: 'natural',
};
const TONE = { file: 'tone.flac', source: 's', kind: 'roomtone' };
const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');

const pauseOf = (voice: string, more: Partial<RecordedPause>): RecordedPause => ({
  line: `line of ${voice}`,
  voice,
  kind: 'request',
  compared: false,
  end: true,
  tailMs: 50,
  answers: [160, 256, 416].map((silenceMs) => ({ silenceMs, probability: 0.9 })),
  words: 'That is all.',
  ...more,
});

it('reads utterances and backgrounds, and leaves out what is neither', async () => {
  const found = await readSpeech(
    await folderWith(lines(UTTERANCE, TONE, { file: 'call.flac', kind: 'call' })),
  );
  expect(found.utterances).toEqual([UTTERANCE]);
  expect(found.noises).toEqual([{ ...TONE, zeroFrac: 0 }]);
});

it.each([
  ['no JSON', '{', /manifest.jsonl:1 is no JSON/],
  ['no utterance', lines(TONE), /lists no utterances/],
  ['no background', lines(UTTERANCE), /lists no roomtone or linetone/],
])('refuses a manifest with %s', async (_, manifest, message) => {
  await expect(readSpeech(await folderWith(manifest))).rejects.toThrow(message);
});

it('reports each kind, with options that were fitted to other speakers', () => {
  const doubted = {
    answers: [{ silenceMs: 160, probability: 0.02 }],
    end: false,
    tailMs: 0,
    resumedAfterMs: 700,
  };
  const pauses = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((voice) => [
    pauseOf(voice, doubted),
    pauseOf(voice, {}),
  ]);
  const rows = peopleReport({ livekit: pauses, firstword: pauses });
  const all = rows.filter(({ kind }) => kind === 'all');
  expect(rows.filter(({ kind }) => kind === 'request')).toHaveLength(all.length);
  const [livekit, ours, fitted] = [all[0], all[2], all.at(-1)];
  // LiveKit is asked at 256 ms, where the model has given no answer about the inner pauses: it waits 2500 ms there.
  expect(livekit).toMatchObject({ ends: 6, pauses: 6, pausesCut: { value: 0 }, meanMs: { value: 350 } });
  expect(ours).toMatchObject({ pausesCut: { value: 0 }, turnsCut: { value: 0 } });
  expect(fitted!.meanMs.value).toBeLessThanOrEqual(livekit!.meanMs.value);
  expect(renderPeople(rows).split('\n')).toHaveLength(rows.length + 1);
});

it('reports English by kind, and each other language by itself', () => {
  expect(groupsOf(pauseOf('a', {}))).toEqual(['all', 'request']);
  expect(groupsOf(pauseOf('a', { language: 'en-GB', kind: 'monologue' }))).toEqual(['all', 'monologue']);
  expect(groupsOf(pauseOf('a', { language: 'pt-BR' }))).toEqual(['pt']);
});

it('commits no earlier than the final transcript', () => {
  const policy = withFinalsAfter({ name: 'x', waitMs: ({ tailMs }) => tailMs }, 350);
  expect([300, 400].map((tailMs) => policy.waitMs(pauseOf('a', { tailMs })))).toEqual([350, 400]);
});
