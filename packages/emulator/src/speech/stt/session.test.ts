import { ManualClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { describe, expect, it } from 'vitest';
import { HEARING_RATE_HZ } from '../audio/pcm.js';
import type { UtteranceFault } from '../faults/speech-fault.js';
import { transcriptRecognizer } from '../hear/transcript.js';
import { type SttProfile, sttProfile } from './profiles.js';
import { SttSession } from './session.js';
import { textOf } from './text.js';
import type { SttUpdate } from './update.js';

const LINE = { text: 'a table for four on friday', ms: 2000 };

interface Reported extends SttUpdate {
  atMs: number;
}

/** Runs a session over stretches of speech and silence at their pace, with a stopped clock. */
async function run(options: {
  profile: SttProfile;
  audio: readonly ['speech' | 'silence', number][];
  lines?: { text: string; ms?: number }[];
  eager?: boolean;
  fault?: UtteranceFault;
  seed?: number;
}): Promise<Reported[]> {
  const { profile, audio, lines = [LINE], fault, seed = 1 } = options;
  const clock = new ManualClock();
  const reported: Reported[] = [];
  const session = new SttSession({
    recognizer: transcriptRecognizer(lines, { clock }),
    profile,
    clock,
    delays: seededRandom(seed, 'delays'),
    details: seededRandom(seed, 'details'),
    eager: options.eager ?? false,
    nextFault: () => fault,
    onUpdate: (update) => reported.push({ ...update, atMs: clock.nowMs() }),
  });
  for (const [kind, ms] of audio) {
    for (let at = 0; at < ms; at += 20) {
      clock.advance(20);
      const part = new Int16Array(HEARING_RATE_HZ / 50);
      if (kind === 'speech') part.set(part.map((_, index) => (index % 2 === 0 ? 5000 : -5000)));
      session.push(part);
      // Finals wait for the recognizer's promise.
      await Promise.resolve();
      await Promise.resolve();
    }
  }
  session.close();
  expect(clock.pendingTimers).toBe(0);
  return reported;
}

const kinds = (updates: readonly SttUpdate[]) => updates.map(({ kind }) => kind);
const ofKind = (updates: readonly Reported[], kind: string) => updates.filter((one) => one.kind === kind);
const NOVA = sttProfile('deepgram-nova-3');
const FLUX = sttProfile('deepgram-flux');

describe('an engine that reports segments', () => {
  const audio = [
    ['silence', 500],
    ['speech', 2000],
    ['silence', 2000],
  ] as const;

  it('reports the start, interims at its interval, and the final about p50 after the last sample', async () => {
    const updates = await run({ profile: NOVA, audio: audio.map(([kind, ms]) => [kind, ms]) });
    expect(kinds(updates)).toEqual(['speech-started', 'interim', 'interim', 'final']);
    expect(ofKind(updates, 'interim').map(({ atMs }) => atMs)).toEqual([1540, 2540]);
    const final = updates.at(-1)!;
    expect(textOf(final.words)).toBe('A table for 4 on friday.');
    expect(final.endsSpeech).toBe(true);
    expect(final.toMs).toBeCloseTo(2500, -2);
  });

  it('draws the published time to the final', async () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 60; seed += 1) {
      const updates = await run({
        profile: NOVA,
        audio: [
          ['speech', 400],
          ['silence', 800],
        ],
        lines: [{ text: 'yes please', ms: 400 }],
        seed,
      });
      delays.push(ofKind(updates, 'final')[0]!.atMs - 400);
    }
    delays.sort((a, b) => a - b);
    expect(delays[30]).toBeGreaterThan(225);
    expect(delays[30]).toBeLessThan(275);
  });

  it('reports a final for each part of a line with a long pause', async () => {
    const lines = [{ text: 'I would like a table on friday', ms: 4000 }];
    const updates = await run({
      profile: NOVA,
      audio: [
        ['speech', 1000],
        ['silence', 700],
        ['speech', 2300],
        ['silence', 800],
      ],
      lines,
    });
    const finals = ofKind(updates, 'final').map(({ words }) => textOf(words).toLowerCase().replace('.', ''));
    expect(finals).toHaveLength(2);
    expect(finals.join(' ')).toBe('i would like a table on friday');
  });
});

describe('an engine that reports turns', () => {
  it('reports a likely end before the end, with the same words', async () => {
    const updates = await run({
      profile: FLUX,
      audio: [
        ['speech', 2000],
        ['silence', 4000],
      ],
      eager: true,
    });
    const [eager] = ofKind(updates, 'eager-end');
    const [final] = ofKind(updates, 'final');
    expect(eager!.atMs).toBeLessThan(final!.atMs);
    expect(textOf(final!.words)).toBe(textOf(eager!.words));
  });

  it('takes the likely end back when the caller goes on, and ends the turn once', async () => {
    const slow = { ...FLUX, final: { p50Ms: 600, p95Ms: 600 }, eager: { p50Ms: 400, p95Ms: 400 } };
    const updates = await run({
      profile: slow,
      audio: [
        ['speech', 1000],
        ['silence', 400],
        ['speech', 600],
        ['silence', 1500],
      ],
      eager: true,
    });
    const order = kinds(updates).filter((kind) => kind !== 'interim');
    expect(order).toEqual(['speech-started', 'eager-end', 'resumed', 'eager-end', 'final']);
    expect(textOf(updates.at(-1)!.words)).toBe('A table for 4 on friday.');
  });

  it('reports no likely end unless it is asked to', async () => {
    const updates = await run({
      profile: FLUX,
      audio: [
        ['speech', 2000],
        ['silence', 3000],
      ],
    });
    expect(kinds(updates)).not.toContain('eager-end');
  });
});

describe('a fault of an utterance', () => {
  const profile = { ...NOVA, interim: { everyMs: 300, lagMs: 0 }, revision: 0 };
  const withFault = (fault: UtteranceFault) =>
    run({
      profile,
      audio: [
        ['speech', 2000],
        ['silence', 4000],
      ],
      fault,
    });

  it('delays the final', async () => {
    const [onTime] = ofKind(await withFault({ kind: 'confidence-one' }), 'final');
    const [late] = ofKind(await withFault({ kind: 'final-late', delayMs: 2000 }), 'final');
    expect(late!.atMs - onTime!.atMs).toBe(2000);
  });

  it('puts the final before the interims', async () => {
    expect(kinds(await withFault({ kind: 'final-first' })).slice(0, 3)).toEqual([
      'speech-started',
      'final',
      'interim',
    ]);
  });

  it.each([
    ['final-twice', 2],
    ['no-final', 0],
  ] as const)('%s', async (kind, finals) => {
    expect(ofKind(await withFault({ kind }), 'final')).toHaveLength(finals);
  });

  it('empties or changes the final', async () => {
    expect(ofKind(await withFault({ kind: 'final-empty' }), 'final')[0]!.words).toEqual([]);
    expect(textOf(ofKind(await withFault({ kind: 'final-changed' }), 'final')[0]!.words)).toContain('never');
  });

  it('leaves the interims out', async () => {
    expect(kinds(await withFault({ kind: 'no-interims' }))).toEqual(['speech-started', 'final']);
  });

  it('claims a confidence of 1', async () => {
    for (const update of await withFault({ kind: 'confidence-one' })) expect(update.confidence).toBe(1);
  });
});
