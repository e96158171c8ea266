import { join } from 'node:path';
import { synthesizeCall } from '@firstword/calls';
import { fliteTts } from '@firstword/local';
import { isBackchannel } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import { decodeMono, RATE_HZ } from '../endpointing/people/audio.js';
import { type RecordedUtterance, readSpeech } from '../endpointing/people/manifest.js';

/** `interruption`: words that want the agent to stop. The others do not. */
export type SoundKind = 'interruption' | 'one word' | 'backchannel' | 'cough' | 'knock';

/** What a caller may do while the agent speaks: mono, 16 kHz, from its first to its last sample. */
export interface CallerSound {
  kind: SoundKind;
  /** What an STT makes of it; empty if it has no words. */
  words: string;
  samples: Int16Array;
}

const INTERRUPTIONS = [
  'Sorry, can I change that to four people?',
  'Wait, that is not what I meant.',
  'Actually, I need it for tomorrow.',
  'Hold on a second please.',
  'Excuse me, how much is it?',
  'I would like something else.',
];
const ONE_WORD = ['Stop.', 'Wait.', 'Hello?', 'Cancel.'];
const BACKCHANNELS = ['Mm hmm.', 'Uh huh.', 'Yeah.', 'Okay.', 'Right.', 'I see.'];
const VOICES = ['rms', 'slt'] as const;

/** Longest part of a recording that is played, ms. */
const MAX_MS = 2_000;
const MIN_MS = 800;
const MAX_BACKCHANNEL_MS = 600;

const samplesIn = (ms: number): number => Math.round((ms * RATE_HZ) / 1000);
const clamp = (value: number): number => Math.round(Math.max(-32_000, Math.min(32_000, value)));

/** A cough: one to three bursts of noise, each with a voiced end. */
function cough(random: Random): Int16Array {
  const bursts = 1 + Math.floor(random.uniform() * 3);
  const parts = Array.from({ length: bursts }, () => burst(random));
  return Int16Array.from(parts.flatMap((part) => [...part, ...new Array<number>(samplesIn(60)).fill(0)]));
}

function burst(random: Random): number[] {
  const noisyMs = 70 + random.uniform() * 90;
  const voicedMs = 50 + random.uniform() * 60;
  const pitchHz = 110 + random.uniform() * 90;
  const level = 9_000 + random.uniform() * 6_000;
  let smooth = 0;
  return Array.from({ length: samplesIn(noisyMs + voicedMs) }, (_, i) => {
    const atMs = (i * 1000) / RATE_HZ;
    const noise = random.uniform() * 2 - 1;
    smooth += 0.45 * (noise - smooth);
    const attack = Math.min(1, atMs / 6);
    if (atMs < noisyMs) return clamp(level * attack * (1 - (0.6 * atMs) / noisyMs) * smooth * 1.6);
    const rest = 1 - (atMs - noisyMs) / voicedMs;
    const phase = (2 * Math.PI * pitchHz * i) / RATE_HZ;
    const voiced = Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(5 * phase);
    return clamp(level * 0.4 * rest * (0.6 * voiced + 0.5 * smooth));
  });
}

/** Two or three knocks on a table. */
function knock(random: Random): Int16Array {
  const toneHz = 120 + random.uniform() * 200;
  const count = 2 + Math.floor(random.uniform() * 2);
  const one = Array.from({ length: samplesIn(140) }, (_, i) => {
    const seconds = i / RATE_HZ;
    const tone = Math.sin(2 * Math.PI * toneHz * seconds) + 0.5 * (random.uniform() * 2 - 1);
    return clamp(14_000 * Math.exp(-seconds * 60) * tone);
  });
  return Int16Array.from(Array.from({ length: count }, () => one).flat());
}

async function spoken(kind: SoundKind, lines: readonly string[]): Promise<CallerSound[]> {
  const sounds: CallerSound[] = [];
  for (const name of VOICES) {
    const voice = fliteTts({ voice: name });
    try {
      const clips = await synthesizeCall({
        lines: lines.map((text) => ({ parts: [text], breathMs: 0 })),
        voice,
      });
      sounds.push(...clips.map(({ samples }, at) => ({ kind, words: lines[at]!, samples })));
    } finally {
      await voice.close();
    }
  }
  return sounds;
}

async function ofPerson(dir: string, kind: SoundKind, said: RecordedUtterance): Promise<CallerSound> {
  const samples = await decodeMono(join(dir, said.file));
  const toMs = Math.min(said.speechEndMs, said.speechStartMs + MAX_MS);
  const words = said.text ?? 'Actually, I need something else.';
  return { kind, words, samples: samples.slice(samplesIn(said.speechStartMs), samplesIn(toMs)) };
}

/** What people have said, as interruptions and backchannels. @throws FirstwordError `bad_input` */
async function soundsOfPeople(dir: string): Promise<CallerSound[]> {
  const { utterances } = await readSpeech(dir);
  const english = utterances.filter(({ language }) => language.startsWith('en'));
  const lengthMs = ({ speechStartMs, speechEndMs }: RecordedUtterance) => speechEndMs - speechStartMs;
  const isShort = (said: RecordedUtterance) =>
    isBackchannel(said.text ?? '') && lengthMs(said) <= MAX_BACKCHANNEL_MS;
  const long = english.filter((said) => lengthMs(said) >= MIN_MS && !isBackchannel(said.text ?? ''));
  return [
    ...(await Promise.all(long.slice(0, 60).map((said) => ofPerson(dir, 'interruption', said)))),
    ...(await Promise.all(english.filter(isShort).map((said) => ofPerson(dir, 'backchannel', said)))),
  ];
}

/**
 * The sounds of the bench, by kind: two synthetic voices, synthetic coughs and knocks; with a folder of recordings, people's
 * interruptions and backchannels in the place of the voices', as far as there are any.
 */
export async function callerSounds(seed: number, dir?: string): Promise<Map<SoundKind, CallerSound[]>> {
  const random = seededRandom(seed, 'coughs');
  const people = dir === undefined ? [] : await soundsOfPeople(dir);
  const ofKind = (kind: SoundKind) => people.filter((sound) => sound.kind === kind);
  const orSynthetic = async (kind: SoundKind, lines: readonly string[], least = 1) => {
    const own = ofKind(kind);
    return own.length >= least ? own : [...own, ...(await spoken(kind, lines))];
  };
  const noises = (kind: SoundKind, make: (from: Random) => Int16Array) =>
    Array.from({ length: 12 }, () => ({ kind, words: '', samples: make(random) }));
  return new Map<SoundKind, CallerSound[]>([
    ['interruption', await orSynthetic('interruption', INTERRUPTIONS)],
    ['one word', await spoken('one word', ONE_WORD)],
    ['backchannel', await orSynthetic('backchannel', BACKCHANNELS, 6)],
    ['cough', noises('cough', cough)],
    ['knock', noises('knock', knock)],
  ]);
}
