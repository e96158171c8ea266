import { FirstwordError } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { DEATH, harness } from '../testing/stream-harness.js';
import { URGENCY } from './scheduler.js';
import { MoonshineStream } from './stream.js';

const MS = 16;
const speech = (ms: number) => Int16Array.from({ length: ms * MS }, (_, i) => (i % 2 ? 3_000 : -3_000));
const silence = (ms: number) => new Int16Array(ms * MS);

describe('an interim', () => {
  it('that covers all speech before a pause is marked as paused', async () => {
    const { stream, heard, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(250));
    stream.push(silence(100));
    stream.hintPause();
    await answer('all of it');
    expect(heard).toMatchObject([{ kind: 'interim', text: 'all of it', paused: true }]);
  });

  it('decoded before the pause was known is sent again when the pause is known', async () => {
    const { stream, heard, answer, settle } = harness();
    stream.beginUtterance();
    stream.push(speech(260));
    stream.push(silence(40));
    await answer('all of it');
    stream.push(silence(60));
    stream.hintPause();
    await settle();
    expect(heard.map((t) => t.paused ?? false)).toEqual([false, true]);
  });

  it('is due as soon as the level drops, and is sent as a pause when the pause is known', async () => {
    const { stream, heard, requests, answer, settle } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.push(silence(30));
    expect(requests).toHaveLength(1);
    stream.push(silence(40));
    stream.hintPause();
    await answer('all of it');
    await settle();
    expect(requests).toHaveLength(1);
    expect(heard).toMatchObject([{ kind: 'interim', text: 'all of it', paused: true }]);
  });

  it('for a dip is cancelled for the pause if speech continued', async () => {
    const { stream, heard, requests, answer, cancels } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.push(silence(30));
    stream.push(speech(50));
    stream.push(silence(50));
    stream.hintPause();
    expect(cancels()).toBe(1);
    await answer('', { cancelled: true });
    expect(requests).toHaveLength(2);
    await answer('all of it');
    expect(heard).toMatchObject([{ kind: 'interim', text: 'all of it', paused: true }]);
  });

  it('that misses the last sound is not marked as paused', async () => {
    const { stream, heard, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    stream.push(speech(100));
    stream.push(silence(100));
    stream.hintPause();
    await answer('not all');
    expect(heard[0]?.paused).toBeUndefined();
  });
});

describe('an utterance', () => {
  it('includes half a second before speech was detected', () => {
    const { stream, requests } = harness();
    stream.push(silence(2_000));
    stream.beginUtterance();
    stream.push(speech(300));
    expect(requests[0]?.samples.length).toBe(800 * MS);
  });

  it('does not include audio of the previous one', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.endUtterance();
    await answer('one');
    stream.push(silence(100));
    stream.beginUtterance();
    stream.push(speech(300));
    expect(requests[1]?.samples.length).toBe(400 * MS);
  });

  it('without a sound has an empty final and no decode', async () => {
    const { stream, heard, requests, settle } = harness();
    stream.beginUtterance();
    stream.push(silence(250));
    stream.endUtterance();
    await settle();
    expect(heard).toEqual([{ kind: 'final', text: '', audioMs: 250, decodeMs: 0 }]);
    expect(requests).toEqual([]);
  });

  it('that never began has one empty final per end', async () => {
    const { stream, texts, settle } = harness();
    stream.endUtterance();
    stream.endUtterance();
    await settle();
    expect(texts('final')).toEqual(['', '']);
  });

  it('gives its final after the previous one’s, even if it has no speech', async () => {
    const { stream, texts, answer, settle } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.endUtterance();
    stream.beginUtterance();
    stream.push(silence(100));
    stream.endUtterance();
    await settle();
    expect(texts('final')).toEqual([]);
    await answer('one');
    expect(texts('final')).toEqual(['one', '']);
  });
});

describe('interims', () => {
  it('never queue: while the engine is busy, the next one waits for the latest audio', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    for (let i = 0; i < 10; i++) stream.push(speech(300));
    expect(requests.length).toBe(1);
    await answer('hello');
    expect(requests.map((r) => r.samples.length / MS)).toEqual([300, 3_000]);
  });

  it('are further apart where decodes take long, and a dip is still decoded at once', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    await answer('hello', { decodeMs: 400 });
    stream.push(speech(700));
    expect(requests.length).toBe(1);
    stream.push(speech(100));
    expect(requests.length).toBe(2);
    await answer('hello there', { decodeMs: 400 });
    stream.push(speech(100));
    expect(requests.length).toBe(2);
    stream.push(silence(100));
    expect(requests.length).toBe(3);
  });

  it('start from the last hypothesis', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    await answer('hi', { tokens: [4, 2] });
    stream.push(speech(300));
    expect(requests[1]?.draft).toEqual([4, 2]);
  });

  it('are not sent if the decode was stopped', async () => {
    const { stream, heard, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    await answer('he', { cancelled: true });
    expect(heard).toEqual([]);
  });

  it('stop in silence', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    stream.push(silence(100));
    await answer('hello');
    stream.hintPause();
    await answer('hello');
    stream.push(silence(2_000));
    expect(requests.length).toBe(2);
  });
});

describe('a pause hint', () => {
  it('decodes at once, and the end reuses that decode', async () => {
    const { stream, heard, requests, answer, settle } = harness();
    stream.beginUtterance();
    stream.push(speech(250));
    stream.push(silence(100));
    await answer('he');
    stream.push(speech(200));
    stream.push(silence(90));
    stream.hintPause();
    await answer('hello');
    stream.push(silence(150));
    stream.endUtterance();
    await settle();
    expect(requests.length).toBe(2);
    expect(heard.at(-1)).toEqual({
      kind: 'final',
      text: 'hello',
      endConfidence: 0.9,
      audioMs: 790,
      decodeMs: 5,
    });
  });

  it('whose decode still runs at the end gives the final when it is done', async () => {
    const { stream, texts, requests, answer, settle } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.push(silence(90));
    stream.hintPause();
    stream.push(silence(150));
    stream.endUtterance();
    await settle();
    expect(texts('final')).toEqual([]);
    await answer('hello');
    expect(texts('final')).toEqual(['hello']);
    expect(requests.length).toBe(1);
  });

  it('is discarded when the caller continues', async () => {
    const { stream, texts, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.push(silence(90));
    stream.hintPause();
    await answer('hello');
    stream.push(speech(100));
    stream.push(silence(200));
    stream.endUtterance();
    expect(requests.length).toBe(2);
    await answer('hello there');
    expect(texts('final')).toEqual(['hello there']);
  });

  it('stops an interim that will miss the last words', () => {
    const { stream, cancels } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    stream.push(speech(100));
    stream.push(silence(100));
    stream.hintPause();
    expect(cancels()).toBe(1);
  });
});

describe('a long utterance', () => {
  it('is divided at a pause, and its transcripts cover all of it', async () => {
    const { stream, requests, texts, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(8_000));
    stream.push(silence(100));
    await answer('one');
    stream.hintPause();
    await answer('one two');
    stream.push(speech(300));
    expect(requests.at(-1)?.samples.length).toBe(300 * MS);
    await answer('three');
    expect(texts('interim').at(-1)).toBe('one two three');
    stream.endUtterance();
    await answer('three');
    expect(texts('final')).toEqual(['one two three']);
  });

  it('is divided at its quietest place when it has no pause', async () => {
    const { stream, requests, texts, answer } = harness({ maxSegmentMs: 4_000 });
    stream.beginUtterance();
    stream.push(speech(2_900));
    await answer('one');
    stream.push(silence(100));
    stream.push(speech(1_000));
    await answer('ignored', { cancelled: true });
    const cutMs = requests.at(-1)!.samples.length / MS;
    expect(cutMs).toBeGreaterThanOrEqual(2_900);
    expect(cutMs).toBeLessThanOrEqual(3_000);
    await answer('one two');
    await answer('three');
    stream.endUtterance();
    await answer('three');
    expect(texts('final')).toEqual(['one two three']);
  });
});

describe('a decode that runs while things change', () => {
  it('does not count when it covers audio past a cut', async () => {
    const { stream, requests, answer } = harness({ maxSegmentMs: 4_000 });
    stream.beginUtterance();
    stream.push(speech(2_900));
    stream.push(silence(100));
    stream.hintPause();
    await answer('one');
    await answer('one');
    stream.push(speech(900));
    stream.push(speech(100));
    await answer('one two');
    const againMs = requests.at(-1)!.samples.length / MS;
    expect(againMs).toBeGreaterThan(2_000);
    expect(againMs).toBeLessThanOrEqual(3_000);
  });

  it('does not end a segment in mid-word when it began after the pause was over', async () => {
    const { stream, requests, answer } = harness();
    stream.beginUtterance();
    stream.push(speech(8_000));
    stream.push(silence(100));
    stream.hintPause();
    stream.push(speech(300));
    await answer('one');
    await answer('one two');
    stream.push(speech(300));
    expect(requests.at(-1)!.samples.length).toBe(8_700 * MS);
  });

  it('becomes more urgent with the pause hint and again with the end', () => {
    const stream = new MoonshineStream({
      handlers: { onTranscript: () => {}, onError: () => {} },
      times: { interimEveryMs: 300, maxSegmentMs: 20_000 },
      detectDips: true,
      nudge: () => {},
      unusable: () => undefined,
      onClose: () => {},
    });
    stream.beginUtterance();
    stream.push(speech(300));
    stream.push(silence(40));
    const { running } = stream.take();
    const urgencies = [running.urgency];
    stream.push(silence(60));
    stream.hintPause();
    urgencies.push(running.urgency);
    stream.endUtterance();
    urgencies.push(running.urgency);
    expect(urgencies).toEqual([URGENCY.dip, URGENCY.pause, URGENCY.final]);
  });
});

describe('when the engine crashes', () => {
  it('the final is decoded again, without the draft', async () => {
    const { stream, texts, errors, requests, answer, die } = harness();
    stream.beginUtterance();
    stream.push(speech(300));
    await answer('hi');
    stream.push(speech(100));
    stream.endUtterance();
    await die();
    expect(errors).toEqual([DEATH]);
    expect(requests.at(-1)).toMatchObject({ draft: [] });
    await answer('hello');
    expect(texts('final')).toEqual(['hello']);
  });

  it('twice on the same words, the final is empty', async () => {
    const { stream, texts, die } = harness();
    stream.beginUtterance();
    stream.push(speech(200));
    stream.endUtterance();
    await die();
    await die();
    expect(texts('final')).toEqual(['']);
  });

  it('nothing is reported to a stream without an utterance', async () => {
    const { stream, errors, die } = harness();
    stream.push(silence(200));
    await die();
    expect(errors).toEqual([]);
  });

  it('permanently, finals are empty instead of missing', async () => {
    const { stream, texts, errors, breakDown, settle } = harness();
    const damaged = new FirstwordError('model_file', 'damaged');
    breakDown(damaged);
    stream.beginUtterance();
    stream.push(speech(200));
    stream.endUtterance();
    await settle();
    expect(texts('final')).toEqual(['']);
    expect(errors).toEqual([damaged]);
  });
});

it('sends nothing after it was closed', async () => {
  const { stream, heard, answer, settle } = harness();
  stream.beginUtterance();
  stream.push(speech(300));
  stream.endUtterance();
  stream.close();
  stream.close();
  await answer('hello');
  stream.endUtterance();
  await settle();
  expect(heard).toEqual([]);
});
