import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnRecord } from '@firstword/turn';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launch, NO_CHROMIUM, StudioPage } from './support/browser.js';
import { expectSumsToGap, recordsIn } from './support/records.js';
import { type RunningStudio, startStudio } from './support/studio.js';

if (!CHROMIUM) {
  console.warn(NO_CHROMIUM);
  it.runIf(process.env.CI)('has a browser', () => expect.fail(NO_CHROMIUM));
}

const namesOn = ({ levers = {} }: TurnRecord) => Object.keys(levers).filter((name) => levers[name]);

describe.runIf(CHROMIUM)('levers switched on the page during a call', () => {
  let dir: string;
  let studio: RunningStudio;
  let browser: Browser;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firstword-e2e-'));
    [studio, browser] = await Promise.all([
      startStudio({ recordsDir: join(dir, 'records') }),
      launch('refused'),
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

  const recordsOf = (callId: string) => recordsIn(join(studio.recordsDir, `${callId}.jsonl`));

  /** Waits for the next turn. */
  async function oneMoreTurn(studioPage: StudioPage): Promise<string> {
    const { callId } = await studioPage.turn((await studioPage.newestTurn()) + 1);
    return callId;
  }

  it('take effect from the next turn on, and every record contains its levers', async () => {
    const studioPage = await StudioPage.open(browser, studio.url);
    await studioPage.levers('LiveKit defaults');
    await studioPage.press('preset-firstword');
    await studioPage.levers('Firstword');
    await studioPage.press('start-sample');
    await studioPage.turn(1);

    // During an answer: it continues, and the next turn uses the new levers.
    await studioPage.press('preset-livekit');
    await studioPage.levers('LiveKit defaults');
    await oneMoreTurn(studioPage);
    await studioPage.page.focus('[data-testid=lever-trimSilence]');
    await studioPage.page.keyboard.press('Space');
    await studioPage.levers('Only Silence trimming');
    await oneMoreTurn(studioPage);
    await studioPage.press('preset-firstword');
    await studioPage.levers('Firstword');
    const callId = await oneMoreTurn(studioPage);
    await studioPage.press('stop');
    await studioPage.call('idle');

    const records = await recordsOf(callId);
    expect(records.map((record) => record.turn)).toEqual(records.map((_, i) => i + 1));
    const sets = records.map(namesOn);
    const firstword = sets[0]!;
    expect(firstword).toEqual(expect.arrayContaining(['speculation', 'clause', 'trimSilence']));
    expect(sets.filter((set, i) => String(set) !== String(sets[i - 1]))).toEqual([
      firstword,
      [],
      ['trimSilence'],
      firstword,
    ]);
    for (const record of records) {
      if (record.feltGapMs !== undefined) expectSumsToGap(record);
      const trims = namesOn(record).includes('trimSilence');
      // An answer that was interrupted before its first sound may have no audio to trim.
      if (trims && record.feltGapMs === undefined) continue;
      expect(record.trimmedMs !== undefined, `turn ${record.turn}`).toBe(trims);
    }
    const heard = records.filter((record) => record.feltGapMs !== undefined);
    const count = (levers: string[]) => heard.filter((r) => String(namesOn(r)) === String(levers)).length;
    expect(await studioPage.groups()).toEqual({
      Firstword: count(firstword),
      'LiveKit defaults': count([]),
      'Only Silence trimming': count(['trimSilence']),
    });
    expect(studioPage.complaints).toEqual([]);
  });

  it('do not change when the page sends invalid levers, and the call continues', async () => {
    const studioPage = await StudioPage.open(browser, studio.url);
    await studioPage.press('start-sample');
    await studioPage.call('live');
    const answers = await studioPage.page.evaluate(async () => {
      const socket = new WebSocket(new URL('talk', location.href.replace(/^http/, 'ws')));
      const heard: { type: string; message?: string }[] = [];
      socket.onmessage = ({ data }) => typeof data === 'string' && heard.push(JSON.parse(data));
      await new Promise((resolve) => {
        socket.onopen = resolve;
      });
      socket.send('{"type":"levers","levers":{"clause":true}}');
      socket.send('{"type":"levers","levers":"all"}');
      while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
      socket.close();
      return heard;
    });
    expect(answers.map(({ type }) => type)).toEqual(['hello', 'error', 'error']);
    expect(answers[1]!.message).toMatch(/levers/);
    const { callId } = await studioPage.turn(1);
    const records = await recordsOf(callId);
    expect(records.length).toBeGreaterThan(0);
    expect(records.flatMap(namesOn)).toEqual([]);
  });
});
