import { type Clock, systemClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { wrapSessionAudio } from '../../internals/session-audio.js';
import type { CallTape } from './call-tape.js';
import { MeasuredInput } from './measured-input.js';
import { HEAD_START_MS, MeasuredOutput } from './measured-output.js';

export interface WatchRoomOptions {
  clock?: Clock;
  tape?: CallTape | undefined;
  /**
   * So much of every answer is handed to the room without waiting for it to be taken, ms: its first frames follow one another
   * without a hole. Not more than the room's `queueSizeMs` (200) less a frame. Default 100; 0 leaves it to LiveKit.
   */
  headStartMs?: number;
}

/**
 * Lets the marks of a session in a room be exact to the sample: when the caller's last one came in, and when the first
 * audible one of an answer left. Call it before `session.start({ room })`, and attach a `SessionObserver` after that.
 * The audio passes as it was, without the holes that LiveKit may leave in an answer's first words, and is kept nowhere but on
 * a tape where one is given.
 */
export function watchRoom(session: voice.AgentSession, options: WatchRoomOptions = {}): void {
  const { clock = systemClock, tape, headStartMs = HEAD_START_MS } = options;
  // The room's audio is set while the session starts; LiveKit 1.9.0 takes no notice of an input that is set later.
  wrapSessionAudio<voice.AudioInput>(session.input, (audio) => new MeasuredInput(audio, clock, tape));
  wrapSessionAudio<voice.AudioOutput>(
    session.output,
    (audio) => new MeasuredOutput(audio, { clock, tape, headStartMs }),
  );
}
