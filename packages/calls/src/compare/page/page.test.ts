import { readWav } from '@firstword/local';
import { describe, expect, it } from 'vitest';
import type { CallOutcome, LineOutcome } from '../outcome.js';
import { compareReport } from '../report.js';
import { targetsOf } from '../targets.js';
import { cut, informativePairs } from './excerpts.js';
import { armLedger } from './ledger-bars.js';
import { comparisonPage, type PageSection } from './page.js';

const line = (number: number, gapMs: number, more: Partial<LineOutcome> = {}): LineOutcome => ({
  line: number,
  kind: 'number',
  gapMs,
  endMs: number * 5000,
  cutOff: false,
  unanswered: 0,
  extraAnswers: 0,
  turn: { ledger: [{ name: 'end-of-turn wait', owner: 'setting endpointing.minDelay', ms: gapMs }] },
  ...more,
});

const call = (arm: string, lines: LineOutcome[], more: Partial<CallOutcome> = {}): CallOutcome => ({
  arm,
  round: 1,
  call: 'hours',
  voice: 'rms',
  lines,
  speculation: { turns: lines.length, startedTurns: 1, keptTurns: 1, requests: 1, hiddenMs: [] },
  errors: [],
  tape: `${arm}/hours.wav`,
  ...more,
});

const BASE = call('livekit', [line(1, 900), line(2, 1000), line(3, 1100)]);
const OURS = call('firstword', [line(1, 500), line(2, 900), line(3, 1200, { cutOff: true, wrong: true })]);

function sectionOf(calls: CallOutcome[], more: Partial<PageSection> = {}): PageSection {
  const { arms } = compareReport(['livekit', 'firstword'], calls);
  const llm = { name: 'a <set-up>', label: 'a <model>', source: 'somewhere', emulated: true };
  const targets = targetsOf('groq', { arms });
  return { llm, seed: 1, rounds: 1, stopped: false, arms, calls, targets, excerpts: [], ...more };
}

describe('the page', () => {
  const page = comparisonPage('Two agents', [sectionOf([BASE, OURS])]);

  it('escapes its input, and is complete', () => {
    expect(page).toContain('a &lt;model&gt;');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page.match(/<section>/g)).toHaveLength(1);
  });

  it('is self-contained: nothing is loaded from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|@import|https?:|url\(/);
  });

  it('names the realtime model of the arms that have one, and the ledgers of all of them', () => {
    const realtime = { label: 'gpt-realtime-1.5 (emulated)', source: 'a <survey>', emulated: true };
    const [half, plain, all] = ['half-cascade', 'realtime:openai', 'transcript'].map((arm) => ({
      ...BASE,
      arm,
    }));
    const calls = [BASE, OURS, half!, plain!, all!];
    const { arms } = compareReport(
      calls.map(({ arm }) => arm),
      calls,
    );
    const found = comparisonPage('Realtime', [sectionOf(calls, { arms, realtime })]);
    expect(found).toContain('Realtime: gpt-realtime-1.5 (emulated). Emulated:');
    expect(found).toContain('a &lt;survey&gt;');
    for (const { arm } of calls) expect(found).toContain(`${arm}: `);
    expect(found).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(page).not.toContain('Realtime:');
  });

  it('shows every line with each arm’s gap and failures', () => {
    expect(page).toMatch(/1\/hours\/3[\s\S]*?<td>1100<\/td><td>1200 <em>cut off, wrong<\/em>/);
    expect(page).toContain('What time are you open on Friday?');
  });

  it('starts with an overview of several comparisons', () => {
    const two = comparisonPage('Two', [sectionOf([BASE, OURS]), sectionOf([BASE, OURS])]);
    expect(two.match(/<section>/g)).toHaveLength(2);
    expect(two.slice(0, two.indexOf('<section>'))).toMatch(/<td>1000<\/td><td>900<\/td><td>0\.90/);
    expect(page.slice(0, page.indexOf('<section>'))).not.toContain('<table>');
  });

  it('marks a stopped run as incomplete, and shows its results', () => {
    const half = comparisonPage('Half', [sectionOf([BASE], { stopped: true })]);
    expect(half).toContain('Stopped early');
    expect(half).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('can be made from files of older versions', () => {
    const old = [BASE, OURS].map(({ tape: _, ...rest }) => ({
      ...rest,
      lines: rest.lines.map(({ turn: _turn, endMs: _end, ...kept }) => kept),
    }));
    const found = comparisonPage('Old', [sectionOf(old)]);
    expect(found.match(/<figure>/g)).toHaveLength(3);
    expect(found).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('contains the audio excerpts', () => {
    const excerpts = [
      { arm: 'livekit', call: 'hours', line: 1, round: 1, gapMs: 900, wav: new Uint8Array([1, 2]) },
    ];
    expect(comparisonPage('Heard', [sectionOf([BASE, OURS], { excerpts })])).toContain(
      'src="data:audio/wav;base64,AQI="',
    );
  });
});

describe('the excerpts', () => {
  it('are of the lines with the largest, the median and the smallest gain, in pairs', () => {
    const lines = informativePairs('livekit', 'firstword', [BASE, OURS]);
    expect(lines.map((pair) => pair.map((said) => said.line.line))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(lines[0]!.map((said) => said.outcome.arm)).toEqual(['livekit', 'firstword']);
    expect(informativePairs('livekit', 'firstword', [BASE])).toEqual([]);
  });

  it('contain both voices, at 16 kHz', () => {
    const [left, right] = [new Int16Array(24_000).fill(100), new Int16Array(24_000).fill(20)];
    const wav = cut({ sampleRateHz: 24_000, channels: [left, right] }, { fromMs: -50, toMs: 500 });
    const { sampleRateHz, channels } = readWav(wav);
    expect([sampleRateHz, channels.length, channels[0]!.length]).toEqual([16_000, 1, 8000]);
    expect(channels[0]![4000]).toBe(120);
  });
});

it('computes the mean silence per owner', () => {
  const two = call('livekit', [
    line(1, 0, {
      turn: {
        ledger: [
          { name: 'your logic', owner: 'app', ms: 100 },
          { name: 'to the LLM', owner: 'app', ms: 50 },
        ],
      },
    }),
    line(2, 0, { turn: { ledger: [{ name: 'request', owner: 'network', ms: 30 }] } }),
  ]);
  const { turns, byOwner } = armLedger('livekit', [two, { ...BASE, round: 0 }]);
  expect(turns).toBe(2);
  expect([...byOwner]).toEqual([
    ['app', 75],
    ['network', 15],
  ]);
});

describe('the recordings', () => {
  const turns = [{ startMs: 500, endMs: 2500, pausesMs: [400] }];
  const files = [{ name: 'a <file>.flac', durationMs: 5000, turns, envelope: [0, 0.5, 1, 0.25] }];
  const recorded = {
    id: 'turns',
    clips: [{ line: { parts: [], breathMs: 0 }, samples: new Int16Array(1) }],
    files,
  };

  it('are shown with the place where each turn ends, also before anything was played', () => {
    const page = comparisonPage('Two agents', [], [recorded]);
    expect(page).toContain('a &lt;file&gt;.flac <small>turns: 0.50–2.50 s of 5.00 s');
    expect(page).toMatch(/class="end" x1="230"/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('are left out where there are none', () => {
    expect(comparisonPage('Two agents', [sectionOf([BASE, OURS])])).not.toContain('Where the turns begin');
  });
});
