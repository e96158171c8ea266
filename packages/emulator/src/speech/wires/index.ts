import { deepgramListen } from './deepgram-listen/wire.js';
import type { SpeechWire } from './wire.js';

/** The emulated wires. A new one is a folder here and a line in this list. */
export const SPEECH_WIRES: readonly SpeechWire[] = [deepgramListen];
