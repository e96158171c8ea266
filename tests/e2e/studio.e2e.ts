import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Segment, TurnRecord } from '@firstword/turn';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CHROMIUM, launch, NO_CHROMIUM, StudioPage } from './support/browser.js';
import { expectSumsToGap, recordsIn } from './support/records.js';
import { micRecording, spokenByCaller } from './support/speech.js';
import { type RunningStudio, startStudio } from './support/studio.js';

const QUESTION = 'What time are you open on Friday?';
/** The greeting takes some four seconds, and the call about one to start. */
const GREETING_S = 9;
const ANSWER_S = 20;

if (!CHROMIUM) {
  console.warn(NO_CHROMIUM);
  it.runIf(process.env.CI)('has a browser to run in', () => expect.fail(NO_CHROMIUM));
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

  it('hears the microphone, answers aloud, and shows the ledger that it wrote', async () => {
    const shown = await StudioPage.open(browser, studio.url);
    await shown.press('start-mic');
    await shown.call('live', 'speaking');
    await shown.call('live', 'listening');
    // The caller is silent for some seconds yet: what has been played up to here is the greeting.
    const greeting = await shown.played();
    await shown.line('caller', /open on Friday/i);
    const { callId } = await shown.turn(1);
    const answered = await shown.played();
    expect(greeting.agentMs).toBeGreaterThan(1000);
    expect(answered.agentMs - greeting.agentMs).toBeGreaterThan(1000);
    expect(answered.answers).toBe(greeting.answers + 1);

    const [feltGapMs, segments, hidden] = await Promise.all([
      shown.feltGapMs(),
      shown.rows('segments'),
      shown.rows('hidden'),
    ]);
    // What it finds depends on the machine.
    expect(await shown.doctor(callId, 1)).toMatch(/ms of silence|No findings in 1 turn/);
    await shown.press('stop');
    await shown.call('idle');
    const [record, ...more] = await recordsOf(callId);
    expect(more).toEqual([]);
    expectSumsToGap(record!);
    // Where the browser's audio clock slipped under load, the mark is left out rather than wrong.
    expect(record!.marks.callerHeard, 'the page told when it heard the answer').toBeDefined();
    expect(record!.marks.callerHeard).toBeGreaterThan(record!.marks.speechEnded!);
    expect(record!.segments.map((segment) => segment.name)).toContain('transport');
    expect(feltGapMs).toBe(record!.feltGapMs);
    expect(segments).toEqual(rowsOf(record!.segments));
    expect(hidden).toEqual(rowsOf(record!.hidden));
  });

  it('plays the sample call to several pages at once, and to the rest when one of them goes', async () => {
    const [first, second] = await Promise.all([
      StudioPage.open(browser, studio.url),
      StudioPage.open(browser, studio.url),
    ]);
    await Promise.all([first.press('start-sample'), second.press('start-sample')]);
    const [gone, stays] = await Promise.all([first.turn(1), second.turn(1)]);
    expect(stays.callId).not.toBe(gone.callId);

    // In the middle of an answer, without a goodbye.
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

  it('comes back after the studio was killed in the middle of a call, and started again', async () => {
    const shown = await StudioPage.open(browser, studio.url);
    await shown.press('start-sample');
    const { callId } = await shown.turn(1);
    await studio.cli.kill();
    await shown.connection('waiting');
    await shown.call('idle');
    // Where this was slow to kill it, more turns than the one had ended.
    const records = await recordsOf(callId);
    expect(records.length).toBeGreaterThan(0);
    expect(records.map(({ turn }) => turn)).toEqual(records.map((_, i) => i + 1));

    studio = await startStudio({ recordsDir: studio.recordsDir, port: studio.port });
    await shown.connection('open');
    await shown.press('start-sample');
    await shown.call('live');
  });

  it('says so when the browser’s sound does not run', async () => {
    const shown = await StudioPage.open(browser, studio.url);
    // As where no sound output is there: the context never runs, and nothing fails.
    await shown.page.evaluate(() => {
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
    await shown.press('start-sample');
    expect(await shown.notice('sound_silent')).toMatch(/sound output/);
    await shown.call('live');
  });

  it('says what to do when the microphone is refused', async () => {
    const refusing = await launch('refused');
    onTestFinished(() => refusing.close());
    const shown = await StudioPage.open(refusing, studio.url);
    await shown.press('start-mic');
    expect(await shown.notice('mic_refused')).toMatch(/allow it/i);
    await shown.call('idle');
    // Without a microphone there is still the sample call.
    await shown.press('start-sample');
    await shown.call('live');
  });
});
