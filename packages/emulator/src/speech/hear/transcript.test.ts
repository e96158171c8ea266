import { expect, it } from 'vitest';
import { parseTranscript, transcriptRecognizer } from './transcript.js';

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
  const stream = transcriptRecognizer([{ text: 'one two three four', ms: 4000 }]).openStream();
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
  const stream = transcriptRecognizer([
    { text: 'I would like a table', ms: 3000 },
    { text: 'thanks' },
  ]).openStream();
  stream.speechStarted(0);
  stream.push(second());
  stream.speechPaused(1000);
  const first = text(await stream.endSegment());
  stream.speechStarted(1500);
  stream.push(second());
  stream.push(second());
  stream.speechPaused(3000);
  expect(`${first} ${text(await stream.endSegment())}`).toBe('I would like a table');
  stream.speechStarted(5000);
  stream.speechPaused(5600);
  expect(text(await stream.endSegment())).toBe('thanks');
});

it('goes on with the line on another stream', async () => {
  const recognizer = transcriptRecognizer([{ text: 'hello' }, { text: 'goodbye' }]);
  for (const expected of ['hello', 'goodbye', '']) {
    const stream = recognizer.openStream();
    stream.speechStarted(0);
    stream.push(second());
    stream.speechPaused(700);
    expect(text(await stream.endSegment())).toBe(expected);
    stream.close();
  }
});

it('begins again after the last line if it repeats', async () => {
  const stream = transcriptRecognizer([{ text: 'hello' }, { text: 'goodbye' }], {
    repeats: true,
  }).openStream();
  for (const expected of ['hello', 'goodbye', 'hello']) {
    stream.speechStarted(0);
    stream.speechPaused(700);
    expect(text(await stream.endSegment())).toBe(expected);
  }
});
