import type { SpeechToText, TranscriptHandlers } from '@firstword/turn';
import { expect, it } from 'vitest';
import { engineRecognizer } from './engine-recognizer.js';

/** An engine that the test speaks for. */
function engine() {
  const calls: string[] = [];
  let handlers: TranscriptHandlers | undefined;
  const stt: SpeechToText = {
    provider: 'test',
    model: 'test',
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
    openStream: (given) => {
      handlers = given;
      return {
        push: () => {},
        beginUtterance: () => calls.push('begin'),
        hintPause: () => calls.push('pause'),
        endUtterance: () => calls.push('end'),
        close: () => calls.push('close'),
      };
    },
  };
  const say = (kind: 'interim' | 'final', text: string, audioMs: number) =>
    handlers!.onTranscript({ kind, text, audioMs, decodeMs: 0 });
  return {
    calls,
    stream: engineRecognizer(stt).openStream(),
    say,
    fail: () => handlers!.onError(new Error('x')),
  };
}

const text = (words: readonly { text: string }[]) => words.map((word) => word.text).join(' ');

it('passes speech and pauses on, and gives words their times', async () => {
  const { calls, stream, say } = engine();
  stream.speechStarted(1000);
  say('interim', 'A table.', 1000);
  expect(stream.heard()).toEqual([
    { text: 'A', startMs: 1000, endMs: 1500 },
    { text: 'table', startMs: 1500, endMs: 2000 },
  ]);
  say('interim', 'A table for four.', 2000);
  expect(stream.heard().map(({ endMs }) => endMs)).toEqual([1500, 2000, 2500, 3000]);
  stream.speechPaused(3000);
  const ended = stream.endSegment();
  say('final', 'A table for four.', 2000);
  expect(text(await ended)).toBe('A table for four.');
  expect(calls).toEqual(['begin', 'pause', 'end']);
});

it('keeps segments apart if speech goes on before the final of the first', async () => {
  const { stream, say } = engine();
  stream.speechStarted(0);
  const first = stream.endSegment();
  stream.speechStarted(500);
  const second = stream.endSegment();
  say('final', 'one', 400);
  say('final', 'two', 400);
  expect([text(await first), text(await second)]).toEqual(['one', 'two']);
});

it('ends a segment with what it has when the engine fails', async () => {
  const { stream, say, fail } = engine();
  stream.speechStarted(0);
  say('interim', 'hello', 300);
  const ended = stream.endSegment();
  fail();
  expect(text(await ended)).toBe('hello');
  expect(await stream.endSegment()).toEqual([]);
});
