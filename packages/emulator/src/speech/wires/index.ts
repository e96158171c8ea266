import { cartesiaTts } from './cartesia-tts/wire.js';
import { deepgramFlux } from './deepgram-flux/wire.js';
import { deepgramListen } from './deepgram-listen/wire.js';
import { deepgramSpeak } from './deepgram-speak/wire.js';
import { elevenLabsTts } from './elevenlabs-tts/wire.js';
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
  deepgramFlux,
  deepgramSpeak,
  cartesiaTts,
  elevenLabsTts,
];
