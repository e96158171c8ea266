import { describe, expect, it } from 'vitest';
import { openProcessor, type ProcessorScript } from '../testing/transcript-rig.js';
import { UNCONFIRMED_MS } from './transcript-processor.js';

/** The caller has said words that the STT has sent as an interim, and has been silent for `silentMs`, by the VAD. */
function heard(text: string, silentMs: number, options: ProcessorScript = {}) {
  const rig = openProcessor({ confirmsWords: true, ...options });
  rig.processor.setSilence(undefined);
  rig.interim(text);
  const sinceMs = rig.clock.nowMs();
  const silence = (ms: number) => {
    rig.clock.advance(ms);
    rig.processor.setSilence(sinceMs);
  };
  rig.processor.setSilence(sinceMs);
  silence(silentMs);
  return { ...rig, silence };
}

const finals = (out: string[]) => out.filter((event) => event.startsWith('FINAL'));

describe('words that the STT never makes final', () => {
  it('become final after 2.5 s of silence, once', () => {
    const { out, silence } = heard('book a table', UNCONFIRMED_MS - 10);
    expect(finals(out)).toEqual([]);
    silence(10);
    silence(500);
    expect(finals(out)).toEqual(['FINAL book a table']);
    expect(out.filter((event) => event === 'unconfirmed')).toHaveLength(1);
  });

  it('keep the speculation on them', () => {
    const { out, speculator } = heard('book a table', UNCONFIRMED_MS);
    expect(out.filter((event) => event.startsWith('PREFLIGHT'))).toEqual(['PREFLIGHT book a table']);
    expect(speculator.running).toBe(true);
  });

  it('do not become final while the caller speaks, without a VAD, or without a session', () => {
    const { out, processor, clock } = heard('book a table', 1_000);
    processor.setSilence(undefined);
    clock.advance(10_000);
    expect(finals(out)).toEqual([]);

    const unmeasured = openProcessor({ confirmsWords: true });
    unmeasured.interim('book a table');
    unmeasured.clock.advance(10_000);
    expect(finals(unmeasured.out)).toEqual([]);

    expect(finals(heard('book a table', 10_000, { confirmsWords: false }).out)).toEqual([]);
  });

  it('do not if a final without words has come for them', () => {
    const { out, final, silence } = heard('book a table', 500);
    final('');
    silence(5_000);
    expect(finals(out)).toEqual(['FINAL']);
  });
});

describe('a final that comes after all', () => {
  it('is not given twice', () => {
    const { out, final } = heard('book a table', UNCONFIRMED_MS);
    final('Book a table.');
    expect(finals(out)).toEqual(['FINAL book a table']);
  });

  it('brings the words that the interim did not have', () => {
    const { out, final, processor } = heard('book a table', UNCONFIRMED_MS);
    processor.committed();
    final('Book a table for four.');
    expect(finals(out)).toEqual(['FINAL book a table', 'FINAL for four.']);
  });
});

it('the same words are new ones if the caller has spoken again', () => {
  const { out, final, interim, processor, clock } = heard('yes', UNCONFIRMED_MS);
  processor.committed();
  clock.advance(1_000);
  processor.setSilence(undefined);
  interim('yes', { startTime: 5, endTime: 5.2 });
  processor.setSilence(clock.nowMs());
  clock.advance(400);
  final('Yes.', { startTime: 5, endTime: 5.2 });
  expect(finals(out)).toHaveLength(2);
});

it('interims that come after their final are no new words', () => {
  const { out, final, interim, silence } = heard('book a', 300);
  final('Book a table for four.');
  interim('book a table');
  silence(10_000);
  expect(finals(out)).toEqual(['FINAL Book a table for four.']);
});
