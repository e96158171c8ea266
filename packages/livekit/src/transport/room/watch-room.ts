import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { HeardInput } from './heard-input.js';
import { WatchedOutput } from './watched-output.js';

/**
 * Lets the marks of a session in a room be exact to the sample: when the caller's last one came in, and when the first
 * audible one of an answer left. Call it when `session.start({ room })` has resolved, before a `SessionObserver` is
 * attached. The audio passes as it was.
 *
 * @throws FirstwordError `bad_input` where the session has no room's audio
 */
export function watchRoom(session: voice.AgentSession, options: { clock?: Clock } = {}): void {
  const { clock = systemClock } = options;
  const { input, output } = session;
  if (!input.audio || !output.audio) {
    const message = 'the session has no audio to watch: call watchRoom after session.start({ room })';
    throw new FirstwordError('bad_input', message);
  }
  input.audio = new HeardInput(input.audio, clock);
  output.audio = new WatchedOutput(output.audio, clock);
}
