import { type Clock, systemClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import type { CallTape } from './call-tape.js';
import { HeardInput } from './heard-input.js';
import { HEAD_START_MS, WatchedOutput } from './watched-output.js';

/** Puts a step before the setter of `audio`, which is LiveKit's own and stays as it is. */
function onSet<Audio>(io: { audio: Audio | null }, wrap: (audio: Audio) => Audio): void {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(io), 'audio')!;
  Object.defineProperty(io, 'audio', {
    ...own,
    set: (audio: Audio | null) => own.set!.call(io, audio && wrap(audio)),
  });
}

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
  onSet<voice.AudioInput>(session.input, (audio) => new HeardInput(audio, clock, tape));
  onSet<voice.AudioOutput>(session.output, (audio) => new WatchedOutput(audio, { clock, tape, headStartMs }));
}
