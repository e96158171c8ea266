// Without the rest of @firstword/calls, which brings LiveKit along: a thread that only measures starts at once.
export { detectGaps, detectGapsInFile, type TapeMeasurement } from '../tape/gap-detector.js';
export { alignCall, type CallAlignment } from './alignment.js';
export { recordsWithTransport } from './records-with-transport.js';
export { pairTapes } from './tape-pair.js';
