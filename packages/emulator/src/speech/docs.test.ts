import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SPEECH_FAULT_KINDS } from './faults/schedule.js';
import { SPEECH_SERVICES } from './service.js';
import { STT_PROFILES } from './stt/profiles.js';
import { TTS_PROFILES } from './tts/profiles.js';

const page = readFileSync(new URL('../../../../docs/emulated-speech.md', import.meta.url), 'utf8');

const cellsOf = (name: string) =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\``))
    ?.split('|')
    .map((cell) => cell.trim());

it.each(SPEECH_FAULT_KINDS)('the page describes the fault %s', (kind) => {
  expect(cellsOf(kind)).toBeDefined();
});

it.each(SPEECH_SERVICES)('the page names the service %s', (service) => {
  expect(page).toContain(`\`${service}\``);
});

it.each(STT_PROFILES.map((profile) => [profile.name, profile] as const))(
  'the page shows the figures of %s',
  (name, { final, interim }) => {
    expect(cellsOf(name)?.slice(3, 5)).toEqual([`${final.p50Ms} / ${final.p95Ms}`, String(interim.everyMs)]);
  },
);

it.each(TTS_PROFILES.map((profile) => [profile.name, profile] as const))(
  'the page shows the figures of %s',
  (name, { firstAudio, chunkMs }) => {
    expect(cellsOf(name)?.slice(2, 4)).toEqual([
      `${firstAudio.p50Ms} / ${firstAudio.p95Ms}`,
      String(chunkMs),
    ]);
  },
);
