import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import { callerSamples } from '../caller/clips.js';
import { wordTimes } from '../caller/word-times.js';
import { ScriptRecognizer } from './script-recognizer.js';

const LINE = wordTimes('a table please', { startMs: 0, endMs: 1_600 });

function opened() {
  const clock = new ManualClock();
  const script = new ScriptRecognizer(clock);
  const stream = script.openStream();
  /** Time passes, and audio of it arrives. */
  const pass = (ms: number) => {
    clock.advance(ms);
    stream.push(new Int16Array(callerSamples(ms)));
  };
  const heard = () => stream.heard().map(({ text }) => text);
  return { clock, script, stream, pass, heard };
}

it('hears each word once it has been said, with its place in the audio', () => {
  const { clock, script, stream, pass, heard } = opened();
  pass(1_000);
  script.beginLine(LINE, clock.nowMs());
  stream.speechStarted(1_000);
  expect(heard()).toEqual([]);
  pass(700);
  expect(heard()).toEqual(['a', 'table']);
  pass(900);
  expect(heard()).toEqual(['a', 'table', 'please']);
  // The audio arrives 75 ms after it was spoken.
  expect(stream.heard()[0]).toMatchObject({ startMs: 1_075, endMs: 1_075 + LINE[0]!.endMs });
});

it('gives a segment the words up to its pause, and the next one those after it', async () => {
  const { clock, script, stream, pass, heard } = opened();
  script.beginLine(LINE, clock.nowMs());
  stream.speechStarted(0);
  pass(900);
  stream.speechPaused(850);
  pass(700);
  expect(heard()).toEqual(['a', 'table']);
  expect((await stream.endSegment()).map(({ text }) => text)).toEqual(['a', 'table']);
  stream.speechStarted(1_000);
  expect(heard()).toEqual(['please']);
});

it('goes on after the words that were taken when a client reconnects, and starts anew with a call', async () => {
  const { clock, script, stream, pass } = opened();
  script.beginLine(LINE, clock.nowMs());
  pass(900);
  await stream.endSegment();
  pass(900);
  expect(
    script
      .openStream()
      .heard()
      .map(({ text }) => text),
  ).toEqual(['please']);
  script.beginCall();
  expect(script.openStream().heard()).toEqual([]);
});

it('spreads the words of a text by their lengths', () => {
  expect(wordTimes(' No, thanks ', { startMs: 100, endMs: 1_200 })).toEqual([
    { text: 'No,', startMs: 100, endMs: 500 },
    { text: 'thanks', startMs: 500, endMs: 1_200 },
  ]);
  expect(wordTimes('', { startMs: 0, endMs: 10 })).toEqual([]);
});
