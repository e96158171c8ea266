import { DEFAULT_ENDPOINTING } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { crossValidate } from './cross-validation.js';
import { curve } from './curve.js';
import { commitDelays, cutShareOf, evaluate, modelAuc } from './evaluate.js';
import type { RecordedPause } from './pause.js';
import { firstwordPolicy, livekitPolicy } from './policies.js';
import { renderPolicies } from './table.js';

const pause = (line: string, probability: number, more: Partial<RecordedPause> = {}): RecordedPause => ({
  line,
  voice: 'rms',
  compared: true,
  end: true,
  tailMs: 60,
  answers: [160, 256].map((silenceMs) => ({ silenceMs, probability })),
  words: 'That is all.',
  ...more,
});
const inside = (
  line: string,
  probability: number,
  resumedAfterMs: number,
  ending: 'incomplete' | 'complete',
) =>
  pause(line, probability, {
    end: false,
    tailMs: 0,
    resumedAfterMs,
    words: ending === 'incomplete' ? 'It is for.' : 'It is late.',
  });

const LIVEKIT = livekitPolicy(300, 2500);
const OURS = firstwordPolicy('ours', DEFAULT_ENDPOINTING);

describe('evaluate', () => {
  it('measures commit delays from the last sample, never shorter than the VAD’s end of speech', () => {
    const ends = [pause('a', 0.9), pause('b', 0.02)];
    expect(commitDelays(ends, LIVEKIT)).toEqual([360, 2560]);
    expect(commitDelays(ends, OURS)).toEqual(
      [316, 60 + DEFAULT_ENDPOINTING.maxDelayMs].map((ms) => expect.closeTo(ms)),
    );
    const hasty = firstwordPolicy('hasty', { ...DEFAULT_ENDPOINTING, minDelayMs: 0 });
    expect(commitDelays([pause('a', 0.9)], hasty)).toEqual([316]);
  });

  it('counts a line once, however often it was cut off', () => {
    const lines = [
      inside('a', 0.9, 500, 'complete'),
      inside('a', 0.9, 700, 'complete'),
      pause('a', 0.9),
      inside('b', 0.9, 290, 'complete'),
      pause('b', 0.9),
      inside('c', 0.5, 900, 'incomplete'),
      pause('c', 0.9),
      pause('d', 0.9),
    ];
    expect(cutShareOf(lines, LIVEKIT)).toBe(0.5);
    expect(cutShareOf(lines, OURS)).toBe(0.5);
    expect(evaluate(lines, OURS)).toMatchObject({ lines: 4, cutLines: 2, ends: 4 });
  });

  it('takes the mean of the answers while the model is unsure', () => {
    const answers = [
      { silenceMs: 160, probability: 0.1 },
      { silenceMs: 416, probability: 0.99 },
    ];
    const once = firstwordPolicy('once', DEFAULT_ENDPOINTING, { queriesMs: [160] });
    const again = firstwordPolicy('again', DEFAULT_ENDPOINTING, { queriesMs: [160, 416] });
    expect(again.waitMs(pause('a', 0, { answers }))).toBeLessThan(once.waitMs(pause('a', 0, { answers })));
    expect(again.waitMs(pause('a', 0, { answers }))).toBeGreaterThanOrEqual(416);
    const openWaitMs = again.waitMs(pause('a', 0, { answers, words: 'It is for' }));
    expect(openWaitMs).toBeGreaterThan(again.waitMs(pause('a', 0, { answers })));
  });

  it('computes the area under the ROC curve of the model', () => {
    const knows = [inside('a', 0.2, 500, 'complete'), pause('a', 0.9), pause('b', 0.8)];
    expect(modelAuc(knows, 160)).toBe(1);
    expect(modelAuc([inside('a', 0.85, 500, 'complete'), pause('a', 0.9), pause('b', 0.8)], 160)).toBe(0.5);
  });
});

describe('the report', () => {
  const lines = ['a', 'b', 'c', 'd'].flatMap((line, i) => [
    inside(line, 0.9, 500 + 100 * i, i % 2 ? 'incomplete' : 'complete'),
    pause(line, 0.9 - i / 5),
  ]);

  it('evaluates every policy on the same lines and renders text and Markdown tables', () => {
    const rows = curve({ livekit: lines, firstword: lines });
    expect(new Set(rows.map((row) => row.lines))).toEqual(new Set([4]));
    expect(new Set(rows.map((row) => row.policy)).size).toBe(rows.length);
    expect(renderPolicies(rows).split('\n')).toHaveLength(rows.length + 1);
    expect(renderPolicies(rows, { markdown: true }).split('\n')[1]).toMatch(/^\| --- \|/);
  });

  it('evaluates fitted parameters on the other half of the lines', () => {
    const rows = crossValidate({ livekit: lines, firstword: lines });
    expect(rows.map((row) => row.lines)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(rows[2]!.policy).toContain('fitted to the other half');
  });
});
