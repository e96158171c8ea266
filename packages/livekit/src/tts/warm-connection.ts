import type { tts } from '@livekit/agents';
import { dropClosedConnections } from '../internals/tts-connections.js';

/** A TTS with one of the public methods by which LiveKit's plugins connect in advance. */
interface Connectable extends tts.TTS {
  /** LiveKit Inference, Cartesia, Deepgram: does nothing if a connection is open. */
  prewarm?: () => void;
  /** ElevenLabs: opens a connection, or returns the open one. */
  currentConnection?: () => Promise<unknown>;
}

/**
 * Connects a TTS ahead of its next answer, unless it is connected already. LiveKit's TTSs close their connection when an answer
 * is cancelled, as a speculation often is: the next answer would wait for a new one.
 */
export function warmConnection(part: Connectable): void {
  dropClosedConnections(part);
  if (part.prewarm) part.prewarm();
  // If the service cannot be reached, the next answer reports it.
  else part.currentConnection?.().catch(() => {});
}
