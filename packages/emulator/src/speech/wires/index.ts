import { deepgramListen } from './deepgram-listen/wire.js';
import { inferenceInterruption } from './inference-interruption/wire.js';
import { inferenceStt } from './inference-stt/wire.js';
import { inferenceTts } from './inference-tts/wire.js';
import { inferenceTurnDetector } from './inference-turn-detector/wire.js';
import type { SpeechWire } from './wire.js';

/** The emulated wires. A new one is a folder here and a line in this list. */
export const SPEECH_WIRES: readonly SpeechWire[] = [
  inferenceStt,
  inferenceTts,
  inferenceTurnDetector,
  inferenceInterruption,
  deepgramListen,
];
