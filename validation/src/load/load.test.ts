import { ManualClock, type Transcript } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { emulatedStt } from './emulated-stt.js';
import { emulatedTts } from './emulated-tts.js';
import { renderLoadSteps, verdictOf } from './load-steps.js';

describe('emulatedStt', () => {
  const lines = [
    { text: 'a table for four', ms: 800 },
    { text: 'thank you', ms: 400 },
  ];

  function openStream() {
    const clock = new ManualClock();
    const transcripts: Transcript[] = [];
    const stt = emulatedStt({ lines, clock, times: { interimEveryMs: 300, finalAfterMs: 50 } });
    const stream = stt.openStream({ onTranscript: (t) => transcripts.push(t), onError: () => {} });
    const say = (ms: number) => {
      for (let at = 0; at < ms; at += 20) {
        stream.push(new Int16Array(320));
        clock.advance(20);
      }
    };
    return { clock, transcripts, stream, say };
  }

  it('returns as many words as there was audio for, and all of them at the end', () => {
    const { clock, transcripts, stream, say } = openStream();
    stream.beginUtterance();
    say(800);
    stream.endUtterance();
    expect(transcripts.map(({ kind, text }) => [kind, text])).toEqual([
      ['interim', 'a'],
      ['interim', 'a table for'],
    ]);
    clock.advance(49);
    expect(transcripts).toHaveLength(2);
    clock.advance(1);
    expect(transcripts.at(-1)).toMatchObject({ kind: 'final', text: 'a table for four' });
  });

  it('continues with the next line, and returns nothing once closed', () => {
    const { clock, transcripts, stream, say } = openStream();
    for (const _ of lines) {
      stream.beginUtterance();
      say(400);
      stream.endUtterance();
      clock.advance(50);
    }
    expect(transcripts.at(-1)).toMatchObject({ kind: 'final', text: 'thank you' });
    stream.beginUtterance();
    stream.close();
    const before = transcripts.length;
    clock.advance(1000);
    expect(transcripts).toHaveLength(before);
  });
});

describe('emulatedTts', () => {
  it('waits before the first audio, then is faster than real time', async () => {
    const clock = new ManualClock();
    const voice = emulatedTts({ clock, times: { firstByteMs: 100, speed: 5 } });
    const at: number[] = [];
    const said = (async () => {
      for await (const frame of voice.synthesize('hello')) {
        expect(frame).toHaveLength(480);
        at.push(clock.nowMs());
      }
    })();
    for (let i = 0; i < 200; i += 1) {
      clock.advance(1);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    await said;
    expect(at[0]).toBe(100);
    expect(at).toHaveLength(15);
    expect(at.at(-1)).toBeLessThanOrEqual(100 + 300 / 5 + 15);
  });

  it('stops on abort', async () => {
    const stop = new AbortController();
    const voice = emulatedTts({ clock: new ManualClock() });
    const first = voice.synthesize('hello', { signal: stop.signal })[Symbol.asyncIterator]().next();
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('verdictOf', () => {
  const stepOf = (calls: number, gapsMs: number[], lost = 0) => ({
    calls,
    gaps: gapsMs.map((gapMs, at) => ({ line: `${at}`, gapMs })),
    lost,
    cores: 1,
  });
  const alone = stepOf(1, [500, 500, 500]);

  it('holds while p95 is within 15 % of a single call and no line is lost', () => {
    const at = (gapMs: number, lost = 0) => verdictOf(stepOf(8, [400, gapMs, gapMs], lost), alone);
    expect(at(574)).toMatchObject({ turns: 3, p50Ms: 574, holds: true });
    expect(at(577).holds).toBe(false);
    expect(at(500, 1).holds).toBe(false);
  });

  it('compares lines that were answered in both, with an interval', () => {
    const { ratio, turns } = verdictOf(stepOf(8, [550, 550, 550, 9000]), alone);
    expect(turns).toBe(4);
    expect(ratio.ratio).toBeCloseTo(1.1, 6);
    expect([ratio.low, ratio.high]).toEqual([expect.closeTo(1.1, 6), expect.closeTo(1.1, 6)]);
  });

  it('does not hold when nothing was answered', () => {
    const none = verdictOf(stepOf(8, [], 3), alone);
    expect(none.holds).toBe(false);
    expect(renderLoadSteps([none])).toContain('| 8 | 0 | Infinity |');
  });
});
