import { type Clock, systemClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { assertSameCopy } from '../../compatibility/same-copy.js';
import { outputsAfter } from '../../internals/output-chain.js';
import { wrapSessionAudio } from '../../internals/session-audio.js';
import type { CallTape } from './call-tape.js';
import { MeasuredInput } from './measured-input.js';
import { HEAD_START_MS, MeasuredOutput } from './measured-output.js';

/** Options of `watchRoom`. */
export interface WatchRoomOptions {
  /** Default: the system clock. */
  clock?: Clock;
  /** Records both sides' audio. Default: no recording. */
  tape?: CallTape | undefined;
  /**
   * How much of every answer is passed to the room without waiting for each frame to be accepted, ms, so that its first
   * frames have no gaps. Default 100; at most the room's `queueSizeMs` (200) less one frame; 0 leaves it to LiveKit.
   */
  headStartMs?: number;
}

/**
 * Makes the marks of a session in a room exact to the sample: the caller's last speech sample, and the first audible sample of
 * an answer. Call it before `session.start({ room })`, and create the `SessionObserver` after that. The audio itself is not
 * changed, except that gaps which LiveKit may leave in an answer's first words are avoided. It is stored only on a tape, if
 * one is given.
 */
export function watchRoom(session: voice.AgentSession, options: WatchRoomOptions = {}): void {
  assertSameCopy({ session });
  const { clock = systemClock, tape, headStartMs = HEAD_START_MS } = options;
  // The room's audio is set while the session starts; LiveKit 1.9.0 ignores an input that is set later.
  wrapSessionAudio<voice.AudioInput>(session.input, (audio) => new MeasuredInput(audio, clock, tape));
  wrapSessionAudio<voice.AudioOutput>(session.output, (audio) => {
    for (const inner of outputsAfter(audio)) if (inner instanceof MeasuredOutput) inner.passOn();
    return new MeasuredOutput(audio, { clock, tape, headStartMs });
  });
}
