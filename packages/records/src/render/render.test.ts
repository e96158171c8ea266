import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../report/summary.js';
import { CASCADE_MARKS, turnRecord } from '../testing/turn.js';
import { bigNumber } from './digits.js';
import { renderLedger } from './ledger.js';
import { renderSummary } from './summary.js';
import { columnAt, textBar } from './text-bar.js';

const linesOf = (text: string) => text.trimEnd().split('\n');

describe('a bar', () => {
  const axis = { fromMs: 0, toMs: 800, columns: 8 };

  it('is at the position of its time, to an eighth of a column', () => {
    expect(textBar(axis, { fromMs: 200, toMs: 450 })).toBe('  ██▌   ');
  });

  it('is visible however short, at either end', () => {
    expect(textBar(axis, { fromMs: 0, toMs: 0.1 })).toBe('▏       ');
    expect(textBar(axis, { fromMs: 800, toMs: 800 }).trim()).not.toBe('');
  });

  it('is always as wide as its axis', () => {
    const ms = fc.double({ min: -1000, max: 2000, noNaN: true });
    fc.assert(
      fc.property(ms, ms, fc.boolean(), (a, b, hidden) => {
        const span = { fromMs: Math.min(a, b), toMs: Math.max(a, b) };
        expect(textBar(axis, span, hidden)).toHaveLength(axis.columns);
      }),
    );
  });

  it('has a position even on an axis of length 0', () => {
    expect(columnAt({ fromMs: 5, toMs: 5, columns: 8 }, 5)).toBe(0);
  });
});

it('draws large figures in three rows of one width', () => {
  const rows = bigNumber(1234567890.4);
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([39]));
});

describe('a rendered ledger', () => {
  it('shows the gap in large figures, and each segment with its time and owner', () => {
    const text = renderLedger(turnRecord());
    for (const row of bigNumber(800)) expect(text).toContain(row.trimEnd());
    expect(text).toMatch(/end-of-turn wait +█+.* 500 ms {2}setting endpointing\.minDelay\n/);
    expect(text).toMatch(/LLM first content +█+.* 128 ms {2}provider groq\n/);
  });

  it('puts hidden work below, in lighter bars', () => {
    const lines = linesOf(renderLedger(turnRecord()));
    const divider = lines.findIndex((line) => line.includes('hidden, not added'));
    expect(lines.slice(divider + 1)).toEqual([expect.stringMatching(/final transcript +░+ +180 ms/)]);
    expect(lines.slice(0, divider).join('')).not.toContain('░');
  });

  it('says that a filler phrase ended the gap, and when the answer itself began', () => {
    const bridged = (bridge: { durationMs: number; answerGapMs?: number }) =>
      renderLedger({ ...turnRecord(), bridge });
    expect(bridged({ durationMs: 700, answerGapMs: 1500 })).toContain(
      'ms felt gap, until a filler phrase; the answer itself after 1500 ms\n',
    );
    expect(bridged({ durationMs: 700 })).toContain('until a filler phrase; no answer followed\n');
  });

  it('labels an emulated LLM, and only that', () => {
    const real = turnRecord({ llm: { provider: 'groq', model: 'm', emulated: false, requests: 1 } });
    expect(renderLedger(turnRecord())).toContain('groq gpt-oss-120b (emulated)');
    expect(renderLedger(real)).not.toContain('emulated');
  });

  it('gives the reason for a missing gap', () => {
    const text = renderLedger(turnRecord({ marks: { speechEnded: 1 } }));
    expect(text).toContain('no felt gap: no audible answer was seen');
  });

  it('fits the width', () => {
    const early = { ...CASCADE_MARKS, interimTranscript: -60_000, speculationStarted: -50_000 };
    for (const widthColumns of [60, 80, 132]) {
      for (const line of linesOf(renderLedger(turnRecord({ marks: early }), { widthColumns }))) {
        expect(line.length, line).toBeLessThanOrEqual(widthColumns);
      }
    }
  });

  it('shows a gain below the length where it is clearly less', () => {
    const together = { ...CASCADE_MARKS, finalTranscript: 1503, turnCommitted: 1510 };
    const lines = linesOf(renderLedger(turnRecord({ marks: together })));
    const at = lines.findIndex((line) => line.includes('gains'));
    expect(lines[at - 1]).toMatch(/^ final transcript +█+.* 503 ms {2}provider moonshine$/);
    expect(lines[at]).toMatch(/^ +gains +3 ms$/);
    expect(lines[at]!.length).toBe(lines[at - 1]!.indexOf(' ms') + ' ms'.length);
    expect(lines.filter((line) => line.includes('gains'))).toHaveLength(1);
  });

  it('combines several very short steps in one row', () => {
    expect(renderLedger(turnRecord())).toMatch(/ 3 steps < 5 ms +5 ms\n/);
  });

  it('has colour only on request, and the same text either way', () => {
    const plain = renderLedger(turnRecord());
    const coloured = renderLedger(turnRecord(), { colour: true });
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

describe('a rendered summary', () => {
  const records = [1, 2, 3].map((turn) => turnRecord({ turn }));

  it('gives percentiles with count and intervals, and labels emulated LLMs', () => {
    const text = renderSummary(summarise(records));
    expect(text).toContain('3 turns · 1 call · groq gpt-oss-120b (emulated)');
    expect(text).toMatch(/n 3/);
    expect(text).toMatch(/p95 +800 ms {2}\(800–800\)/);
  });

  it('gives the reasons of turns without a gap', () => {
    const text = renderSummary(summarise([...records, turnRecord({ marks: { speechEnded: 1 } })]));
    expect(text).toContain('1 turn without: no audible answer was seen');
  });

  it('shows the gains of a segment where they are clearly less than its length', () => {
    const marks = { ...CASCADE_MARKS, finalTranscript: 1503 };
    const text = renderSummary(summarise([...records, turnRecord({ turn: 4, marks })]));
    expect(text).toMatch(/final transcript .* p50 503 ms .*\n {3}gains 3 ms at p50, 3 at p95\n/);
    expect(text.match(/gains/g)).toHaveLength(2);
  });

  it('fits 80 columns', () => {
    for (const line of linesOf(renderSummary(summarise(records))))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it('reports when no turn has a gap', () => {
    expect(renderSummary(summarise([]))).toContain('no turn has a felt gap');
  });
});
