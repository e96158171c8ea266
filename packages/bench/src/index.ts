export type { Span } from './tape/activity.js';
export {
  type MeasuredTurn,
  type MeterOptions,
  measureTape,
  measureTapeFile,
  type TapeMeasurement,
} from './tape/meter.js';
export { openTape, type Tape, type TapeOptions } from './tape/tape.js';
