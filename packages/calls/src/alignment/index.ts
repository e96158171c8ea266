// A separate entry point without LiveKit Agents, so that a worker thread that only measures tapes starts quickly.
export { detectGaps, detectGapsInFile, type TapeMeasurement } from '../tape/gap-detector.js';
export { type AlignCallOptions, alignCall, type CallAlignment } from './alignment.js';
export { recordsWithTransport } from './records-with-transport.js';
export { pairTapes, type TapePair } from './tape-pair.js';
