import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirstwordError, type SttMeasurement, type TtsMeasurement } from '@firstword/turn';
import { expect, it } from 'vitest';
import { readSpeechProfile, SPEECH_PROFILE_SCHEMA } from './profile-file.js';
import { recordedSttProfile, recordedTtsProfile } from './recorded-profile.js';

const COMMON = { startedMs: 0, lateMs: 0, endedMs: 900, billed: 1 };

const line = (finalMs: number, eagerMs: number): SttMeasurement => ({
  kind: 'stt',
  ...COMMON,
  finalMs,
  eagerMs,
  interimEveryMs: 240,
  interims: 4,
  characters: 12,
  events: [
    { kind: 'preflight', atMs: eagerMs },
    { kind: 'final', atMs: finalMs },
  ],
});

const FAILED = { error: new FirstwordError('timeout', 'late'), events: [] };

it('makes a profile of an STT from what was recorded, and of its published profile what was not', () => {
  const failed: SttMeasurement = { kind: 'stt', ...COMMON, ...FAILED, interims: 0, characters: 0 };
  const all = [line(300, 120), line(400, 250), failed, line(200, 80)];
  const profile = recordedSttProfile(all, { name: 'mine', model: 'deepgram/flux-general-en' })!;
  expect(profile.final).toEqual({ p50Ms: 300, p95Ms: 390, recordedMs: [300, 400, 200] });
  expect(profile.eager!.recordedMs).toEqual([180, 150, 120]);
  expect(profile.interim.everyMs).toBe(240);
  expect(profile.endsTurns).toBe(true);
});

it('makes none of failures alone', () => {
  const failed: SttMeasurement = { kind: 'stt', ...COMMON, ...FAILED, interims: 0, characters: 0 };
  expect(recordedSttProfile([failed], { name: 'mine', model: 'x' })).toBeUndefined();
});

it('takes what LiveKit’s class held back off the first audio of a TTS', () => {
  const sentence = (firstByteMs: number): TtsMeasurement => ({
    kind: 'tts',
    ...COMMON,
    firstByteMs,
    firstAudibleMs: firstByteMs + 60,
    audioMs: 300,
    events: [0, 25, 50].map((afterMs) => ({ kind: 'audio', atMs: firstByteMs + afterMs })),
  });
  expect(recordedTtsProfile([sentence(225), sentence(325)], 'mine')).toMatchObject({
    firstAudio: { recordedMs: [200, 300] },
    chunkMs: 100,
    speed: 4,
    leadingSilenceMs: 60,
  });
});

it('is read by the emulator from its file, as a profile of its own kind only', () => {
  const dir = mkdtempSync(join(tmpdir(), 'firstword-profile-'));
  try {
    const path = join(dir, 'mine.json');
    const profile = recordedSttProfile([line(300, 120)], { name: 'mine', model: 'x' })!;
    const turns = [{ events: [{ kind: 'final', atMs: 300 }] }];
    const file = { schema: SPEECH_PROFILE_SCHEMA, kind: 'stt', profile, turns, target: 'stt:x/y' };
    writeFileSync(path, JSON.stringify({ ...file, recordedAt: '2026-11-30T12:00:00Z', version: '0.1.0' }));
    expect(readSpeechProfile(path, 'stt').profile).toEqual(profile);
    expect(() => readSpeechProfile(path, 'tts')).toThrow(/of a STT, not of a TTS/);
    writeFileSync(path, '{}');
    expect(() => readSpeechProfile(path, 'stt')).toThrow(/is not a profile of firstword record-speech/);
    expect(() => readSpeechProfile(join(dir, 'none.json'), 'stt')).toThrow(/check the path/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
