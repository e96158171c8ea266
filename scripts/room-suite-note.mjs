// After `npm test`: the suite in a real LiveKit room is another one. Says whether this machine can run it, and how.
import { lacking } from '../packages/calls/dist/house/index.js';

const why = lacking();
console.log(
  why
    ? `NOT RUN: the suite in a real LiveKit room (npm run test:room). Not on this machine: ${why}.`
    : 'NOT RUN: the suite in a real LiveKit room. It takes minutes: npm run test:room',
);
