export { type FakeTimers, passTimeFast } from './fast-time.js';
