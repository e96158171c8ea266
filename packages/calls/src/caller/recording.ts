import { FirstwordError } from '@firstword/turn';
import type { Span } from '../tape/span.js';
import { speechIn } from '../tape/speech-activity.js';
import { readAudio } from './audio-file.js';
import { CALLER_RATE_HZ } from './clips.js';
import { callerTurns } from './cut-call.js';

/** A recording of a caller, and where the caller speaks in it. */
export interface Recording {
  path: string;
  /** The caller: mono, 16 kHz. */
  samples: Int16Array;
  /** All speech of the caller, pauses of 180 ms and more apart. */
  caller: Span[];
  /** All speech of the agent; absent unless the recording is a call with the agent on the right channel. */
  agent?: Span[];
  /** The caller's turns: one, or those of a call that the agent answered. */
  turns: Span[];
}

/** Channels that are this similar are the same sound, recorded twice. */
const SAME_SOUND = 0.95;
/** Longest turn, ms. A longer one is probably a whole call on one channel. */
const LONGEST_TURN_MS = 60_000;

/** Correlation of two channels, −1 to 1. */
function similarity(left: Int16Array, right: Int16Array): number {
  let [both, ofLeft, ofRight] = [0, 0, 0];
  for (let i = 0; i < left.length; i += 1) {
    both += left[i]! * right[i]!;
    ofLeft += left[i]! ** 2;
    ofRight += right[i]! ** 2;
  }
  return both / Math.sqrt(Math.max(1, ofLeft * ofRight));
}

const refused = (message: string) => new FirstwordError('bad_input', message);

function turnsOf(path: string, caller: readonly Span[], agent: readonly Span[] | undefined): Span[] {
  const [first, last] = [caller[0], caller.at(-1)];
  if (!first || !last) {
    if (agent?.length) {
      const swap = `ffmpeg -i "${path}" -af "pan=stereo|c0=c1|c1=c0" swapped.wav`;
      throw refused(
        `${path} has speech on its right channel only, where the agent belongs: swap them with ${swap}`,
      );
    }
    throw refused(`${path} contains no speech: leave it out, or record it louder`);
  }
  const turns = agent?.length ? callerTurns(caller, agent) : [{ startMs: first.startMs, endMs: last.endMs }];
  if (turns.length === 0) {
    throw refused(
      `${path} has no turn of the caller (left) that the agent (right) answers: check the channels`,
    );
  }
  if (turns.some(({ startMs, endMs }) => endMs - startMs > LONGEST_TURN_MS)) {
    const most = LONGEST_TURN_MS / 1000;
    throw refused(
      `${path} has a turn of more than ${most} s: give one file per turn, or a call with the agent on the right channel`,
    );
  }
  return turns;
}

/**
 * Reads a recording of any kind that FFmpeg can decode. Mono is one turn, from the first speech to the last. Two channels
 * are a call, left the caller, right the agent, in which all speech of the caller that the agent answers is split into
 * turns. If both channels have the same sound, or the right one has no speech, the recording is one turn.
 * @throws FirstwordError `bad_input` that says what to do with a file that cannot be used; `aborted`
 */
export async function readRecording(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Recording> {
  const [left, right] = await readAudio(path, options);
  const isCall = right !== undefined && similarity(left, right) < SAME_SOUND;
  const [caller, agent] = await Promise.all([
    speechIn(left, CALLER_RATE_HZ, options),
    isCall ? speechIn(right, CALLER_RATE_HZ, options) : undefined,
  ]);
  const turns = turnsOf(path, caller, agent);
  return { path, samples: left, caller, ...(agent?.length ? { agent } : {}), turns };
}
