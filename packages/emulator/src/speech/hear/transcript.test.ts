import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import { parseTranscript, type TranscriptLine, transcriptRecognizer } from './transcript.js';

/** A recognizer, and a clock that the test moves on between two stretches of speech. */
function recognizerOf(lines: readonly TranscriptLine[], repeats = false) {
  const clock = new ManualClock();
  return { clock, recognizer: transcriptRecognizer(lines, { repeats, clock }) };
}

const second = () => new Int16Array(16_000);
const text = (words: readonly { text: string }[]) => words.map((word) => word.text).join(' ');

it('reads one line per turn, without comments and empty lines', () => {
  expect(parseTranscript('# a call\n\n  Hello there \r\nYes, please.\n')).toEqual([
    { text: 'Hello there' },
    { text: 'Yes, please.' },
  ]);
  expect(() => parseTranscript('\n# nothing\n')).toThrow('one line per turn');
});

it('hears the words of a line with a known duration in step with its audio', async () => {
  const stream = recognizerOf([{ text: 'one two three four', ms: 4000 }]).recognizer.openStream();
  stream.speechStarted(0);
  stream.push(second());
  stream.push(second());
  expect(text(stream.heard())).toBe('one two');
  stream.push(second());
  stream.push(second());
  stream.speechPaused(4000);
  expect(text(await stream.endSegment())).toBe('one two three four');
  expect(stream.heard()).toEqual([]);
});

it('takes an early pause for a part of the line, a late one for its end', async () => {
  const { clock, recognizer } = recognizerOf([
    { text: 'I would like a table', ms: 3000 },
    { text: 'thanks' },
  ]);
  const stream = recognizer.openStream();
  stream.speechStarted(0);
  stream.push(second());
  stream.speechPaused(1000);
  const first = text(await stream.endSegment());
  clock.advance(1500);
  stream.speechStarted(1500);
  stream.push(second());
  stream.push(second());
  stream.speechPaused(3000);
  expect(`${first} ${text(await stream.endSegment())}`).toBe('I would like a table');
  clock.advance(3500);
  stream.speechStarted(5000);
  stream.speechPaused(5600);
  expect(text(await stream.endSegment())).toBe('thanks');
});

it('goes on with the line on another stream', async () => {
  const { clock, recognizer } = recognizerOf([{ text: 'hello' }, { text: 'goodbye' }]);
  for (const expected of ['hello', 'goodbye', '']) {
    const stream = recognizer.openStream();
    stream.speechStarted(0);
    stream.push(second());
    stream.speechPaused(700);
    expect(text(await stream.endSegment())).toBe(expected);
    stream.close();
    clock.advance(1000);
  }
});

it('begins again after the last line if it repeats', async () => {
  const { clock, recognizer } = recognizerOf([{ text: 'hello' }, { text: 'goodbye' }], true);
  const stream = recognizer.openStream();
  for (const expected of ['hello', 'goodbye', 'hello']) {
    stream.speechStarted(0);
    stream.speechPaused(700);
    expect(text(await stream.endSegment())).toBe(expected);
    clock.advance(1000);
  }
});

it('gives several streams that hear the same speech the same words', async () => {
  const { clock, recognizer } = recognizerOf([{ text: 'hello' }, { text: 'goodbye' }]);
  const streams = [recognizer.openStream(), recognizer.openStream()];
  for (const expected of ['hello', 'goodbye']) {
    for (const stream of streams) {
      stream.speechStarted(0);
      clock.advance(20);
    }
    clock.advance(700);
    for (const stream of streams) {
      stream.speechPaused(700);
      expect(text(await stream.endSegment())).toBe(expected);
    }
    clock.advance(1000);
  }
});
