import { ManualClock, Speculator } from '@firstword/turn';
import { stt } from '@livekit/agents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentMemory } from './segments.js';
import { TranscriptProcessor } from './transcript-processor.js';

const { SpeechEventType: Type } = stt;

/** A transcript processor; `early` sends an interim during a pause that is long enough to speculate and to emit a final. */
function rig() {
  const clock = new ManualClock();
  const segments = new SegmentMemory();
  const speculator = new Speculator({ minAcceptance: 0 });
  const out: string[] = [];
  const late: string[][] = [];
  const processor = new TranscriptProcessor({
    clock,
    speculator,
    segments,
    canSpeculate: () => true,
    costTokens: () => 0,
    finalSilenceMs: 200,
    onLateFinal: (given, written) => late.push([given, written]),
    emit: ({ type, alternatives }) => out.push(`${Type[type]?.split('_')[0]} ${alternatives?.[0]?.text}`),
  });
  const hear = (type: stt.SpeechEventType) => (text: string) => {
    const language = 'en' as stt.SpeechData['language'];
    processor.process({ type, alternatives: [{ text, language, startTime: 0, endTime: 0, confidence: 0 }] });
  };
  const interim = hear(Type.INTERIM_TRANSCRIPT);
  const final = hear(Type.FINAL_TRANSCRIPT);
  const early = (text: string) => {
    const silentMs = clock.nowMs();
    clock.advance(100);
    interim(text);
    processor.setSilence(silentMs);
    clock.advance(100);
    processor.setSilence(undefined);
  };
  /** Does what LiveKit does at a commit. */
  const commit = (text: string) => {
    processor.committed();
    return segments.correct(text) ?? segments.claim(text) ?? text;
  };
  return { clock, segments, speculator, out, late, processor, interim, final, early, commit };
}

describe('an early final', () => {
  it('is emitted once enough silence follows the words of the running speculation', () => {
    const { early, out } = rig();
    early('book a table');
    expect(out).toEqual(['INTERIM book a table', 'PREFLIGHT book a table', 'FINAL book a table']);
  });

  it('is not emitted while the caller keeps speaking', () => {
    const { interim, processor, clock, out } = rig();
    interim('book a table');
    processor.setSilence(clock.nowMs());
    clock.advance(190);
    processor.setSilence(undefined);
    clock.advance(5_000);
    expect(out.filter((line) => line.startsWith('FINAL'))).toEqual([]);
  });

  it('suppresses the engine’s own final, and keeps its spelling', () => {
    const { early, final, interim, commit, out } = rig();
    early('at seven thirty');
    const emittedCount = out.length;
    interim('At seven thirty');
    final('At 7:30.');
    final('At 7:30.');
    expect(out).toHaveLength(emittedCount);
    expect(commit('at seven thirty')).toBe('At 7:30.');
  });

  it('emits only the words after it when the engine’s final is longer', () => {
    const { early, interim, final, commit, out } = rig();
    early('book a table');
    interim('book a table for');
    final('Book a table for two. ');
    expect(out.slice(3)).toEqual(['INTERIM for', 'FINAL for two.']);
    expect(commit('book a table for two.')).toBe('Book a table for two.');
  });

  it('is replaced in history by a different engine final before the commit', () => {
    const { early, final, commit, out, speculator } = rig();
    early('book a table for ten');
    final('Book a table for two.');
    expect(out.at(-1)).toBe('FINAL book a table for ten');
    expect(speculator.stats).toMatchObject({ started: 1, cancelled: 1 });
    expect(commit('book a table for ten')).toBe('Book a table for two.');
  });

  it('emits no second final after the commit, but still corrects history', () => {
    const { early, final, commit, out, late } = rig();
    early('book a table for ten');
    expect(commit('book a table for ten')).toBe('book a table for ten');
    const emittedCount = out.length;
    final('Book a table for two.');
    expect(out).toHaveLength(emittedCount);
    expect(late).toEqual([['book a table for ten', 'Book a table for two.']]);
  });

  it('does not suppress the next segment if the engine never sends its final', () => {
    const { early, interim, final, commit, out } = rig();
    early('book a table');
    commit('book a table');
    interim('what does it cost');
    final('What does it cost?');
    expect(out.slice(3)).toEqual(['INTERIM what does it cost', 'FINAL What does it cost?']);
  });

  it('neither loses nor duplicates words, whatever the engine sends next', () => {
    const words = fc.array(fc.constantFrom('book', 'a', 'table', 'four', 'yes'), {
      minLength: 1,
      maxLength: 5,
    });
    const text = (tokens: string[]) => tokens.join(' ');
    fc.assert(
      fc.property(words, words, fc.boolean(), (guess, really, goesOn) => {
        const { early, final, commit, out, processor, clock } = rig();
        early(text(guess));
        const spoken = goesOn ? [...guess, ...really] : really;
        final(text(spoken));
        const given = out.filter((line) => line.startsWith('FINAL')).map((line) => line.slice(6));
        expect(commit(given.join(' '))).toBe(text(spoken));
        processor.close();
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });
});
