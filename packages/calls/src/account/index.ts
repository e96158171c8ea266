// Without the rest of @firstword/calls, which brings LiveKit along: a thread that only measures starts at once.
export { measureTape, measureTapeFile, type TapeMeasurement } from '../tape/meter.js';
export { accountFor, type CallAccount } from './account.js';
export { heardRecords } from './heard.js';
export { bothEnds } from './transport.js';
