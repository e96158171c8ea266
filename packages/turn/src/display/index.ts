export { roundMs } from './round-ms.js';
