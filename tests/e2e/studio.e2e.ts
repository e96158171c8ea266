import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Segment, TurnRecord } from '@firstword/turn';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CHROMIUM, launch, NO_CHROMIUM, StudioPage } from './support/browser.js';
import { callsIn, expectSumsToGap, recordsIn } from './support/records.js';
import { micRecording, spokenByCaller } from './support/speech.js';
import { type RunningStudio, startStudio } from './support/studio.js';

const QUESTION = 'What time are you open on Friday?';
/** The call takes about one second to start, the greeting about four. */
const GREETING_S = 9;
const ANSWER_S = 20;

if (!CHROMIUM) {
  console.warn(NO_CHROMIUM);
  it.runIf(process.env.CI)('has a browser', () => expect.fail(NO_CHROMIUM));
}

describe.runIf(CHROMIUM)('the studio in a real browser', () => {
  let dir: string;
  let studio: RunningStudio;
  let browser: Browser;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firstword-e2e-'));
    const wav = join(dir, 'caller.wav');
    const [clip] = await spokenByCaller(QUESTION);
    await writeFile(wav, micRecording([{ quietS: GREETING_S, clip: clip! }], ANSWER_S));
    [studio, browser] = await Promise.all([
      startStudio({ recordsDir: join(dir, 'records') }),
      launch({ wav }),
    ]);
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterAll(async () => {
    await browser?.close();
    await studio?.cli.kill();
    await rm(dir, { recursive: true, force: true });
  });

  const recordsOf = (callId: string): Promise<TurnRecord[]> =>
    recordsIn(join(studio.recordsDir, `${callId}.jsonl`));

  const rowsOf = (segments: readonly Segment[]) =>
    segments.map(({ name, owner, durationMs }) => ({ name, owner: owner.kind, ms: durationMs }));

  it('transcribes the microphone, answers with audio, and shows the ledger that it has written', async () => {
    const studioPage = await StudioPage.open(browser, studio.url);
    await studioPage.press('start-mic');
    await studioPage.call('live', 'speaking');
    await studioPage.call('live', 'listening');
    // The caller is still silent: only the greeting has been played so far.
    const greeting = await studioPage.played();
    await studioPage.line('caller', /open on Friday/i);
    const { callId } = await studioPage.turn(1);
    const answered = await studioPage.played();
    expect(greeting.agentMs).toBeGreaterThan(1000);
    expect(answered.agentMs - greeting.agentMs).toBeGreaterThan(1000);
    expect(answered.answers).toBe(greeting.answers + 1);

    const [feltGapMs, segments, hidden] = await Promise.all([
      studioPage.feltGapMs(),
      studioPage.rows('segments'),
      studioPage.rows('hidden'),
    ]);
    // The findings depend on the machine.
    expect(await studioPage.doctor(callId, 1)).toMatch(/ms of silence|No findings in 1 turn/);
    await studioPage.press('stop');
    await studioPage.call('idle');
    const [record, ...more] = await recordsOf(callId);
    expect(more).toEqual([]);
    expectSumsToGap(record!);
    // Under load the browser's audio clock may slip; the mark is then missing, not wrong.
    expect(record!.marks.callerHeard, 'the page reported when it played the answer').toBeDefined();
    expect(record!.marks.callerHeard).toBeGreaterThan(record!.marks.speechEnded!);
    expect(record!.segments.map((segment) => segment.name)).toContain('transport');
    expect(feltGapMs).toBe(record!.feltGapMs);
    expect(segments).toEqual(rowsOf(record!.segments));
    expect(hidden).toEqual(rowsOf(record!.hidden));
    const [call] = (await callsIn(join(studio.recordsDir, `${callId}.jsonl`))).reverse();
    expect(await studioPage.silenceMs('hello')).toBe(call!.helloMs);
    expect(await studioPage.silenceMs('tool')).toBeUndefined();
  });

  it('plays the sample call to several pages, and continues when one of them closes', async () => {
    const [first, second] = await Promise.all([
      StudioPage.open(browser, studio.url),
      StudioPage.open(browser, studio.url),
    ]);
    await Promise.all([first.press('start-sample'), second.press('start-sample')]);
    const [gone, stays] = await Promise.all([first.turn(1), second.turn(1)]);
    expect(stays.callId).not.toBe(gone.callId);

    // During an answer, without ending the call.
    await first.call('live', 'speaking');
    await first.page.close();
    const third = await StudioPage.open(browser, studio.url);
    await third.press('start-sample');
    const before = await second.newestTurn();
    await third.turn(1);
    await expect.poll(() => second.newestTurn(), { timeout: 60_000 }).toBeGreaterThan(before);

    for (const record of await recordsOf(gone.callId)) if (record.feltGapMs) expectSumsToGap(record);
    expect(await recordsOf(gone.callId)).not.toEqual([]);
    expect((await recordsOf(stays.callId)).length).toBeGreaterThanOrEqual(before);
    for (const page of [first, second, third]) {
      expect(page.complaints).toEqual([]);
      expect(page.requests.filter((url) => new URL(url).host !== new URL(studio.url).host)).toEqual([]);
    }
  });

  it('reconnects after the studio was killed during a call and restarted', async () => {
    const studioPage = await StudioPage.open(browser, studio.url);
    await studioPage.press('start-sample');
    const { callId } = await studioPage.turn(1);
    await studio.cli.kill();
    await studioPage.connection('waiting');
    await studioPage.call('idle');
    // More than one turn may have ended before the kill took effect.
    const records = await recordsOf(callId);
    expect(records.length).toBeGreaterThan(0);
    expect(records.map(({ turn }) => turn)).toEqual(records.map((_, i) => i + 1));

    studio = await startStudio({ recordsDir: studio.recordsDir, port: studio.port });
    await studioPage.connection('open');
    await studioPage.press('start-sample');
    await studioPage.call('live');
  });

  it('reports when the browser’s audio does not run', async () => {
    const studioPage = await StudioPage.open(browser, studio.url);
    // Simulates a machine without audio output: the context never runs, and no error occurs.
    await studioPage.page.evaluate(() => {
      globalThis.AudioContext = class extends AudioContext {
        constructor(options?: AudioContextOptions) {
          super(options);
          void this.suspend();
        }
        override resume(): Promise<void> {
          return new Promise(() => {});
        }
      };
    });
    await studioPage.press('start-sample');
    expect(await studioPage.notice('sound_silent')).toMatch(/sound output/);
    await studioPage.call('live');
  });

  it('shows the longest model name whole at three widths, and the page never scrolls sideways', async () => {
    const { page } = await StudioPage.open(browser, studio.url);
    const names = await page.$$eval('#profile option', (all) =>
      all.map((option) => ({
        name: (option as HTMLOptionElement).value,
        label: option.textContent ?? '',
      })),
    );
    const [longest] = names.toSorted((a, b) => b.label.length - a.label.length);
    await page.selectOption('#profile', longest!.name);
    const shown = page.locator('[data-testid=profile-name]', { hasText: longest!.label });
    for (const width of [1280, 820, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const cutPx = await shown.evaluate((text) => text.scrollWidth - text.clientWidth);
      expect(cutPx, `${width} px`).toBeLessThanOrEqual(0);
      const overPx = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overPx, `${width} px`).toBeLessThanOrEqual(0);
    }
    await page.getByText('Customize', { exact: true }).waitFor();
  });

  it('tells the user what to do when microphone access is denied', async () => {
    const refusing = await launch('refused');
    onTestFinished(() => refusing.close());
    const studioPage = await StudioPage.open(refusing, studio.url);
    await studioPage.press('start-mic');
    expect(await studioPage.notice('mic_refused')).toMatch(/allow it/i);
    await studioPage.call('idle');
    // The sample call works without a microphone.
    await studioPage.press('start-sample');
    await studioPage.call('live');
  });
});
