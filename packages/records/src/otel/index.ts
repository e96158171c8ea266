export { TurnInstruments } from './turn-instruments.js';
export { type TraceTurnOptions, traceTurn } from './turn-spans.js';
