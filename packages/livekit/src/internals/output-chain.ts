import type { voice } from '@livekit/agents';

/**
 * The outputs that an audio output passes its frames to, nearest first. LiveKit's recorder puts itself before a room's output.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/io.ts`, class `AudioOutput`, protected field `nextInChain`.
 * - If it changes: in recorded calls a reply that was paused by a noise resumes 20 ms later. `internals.test.ts` fails.
 */
export function* outputsAfter(output: voice.AudioOutput): Generator<voice.AudioOutput> {
  let next: voice.AudioOutput | undefined = Reflect.get(output, 'nextInChain');
  while (next) {
    yield next;
    next = Reflect.get(next, 'nextInChain');
  }
}
