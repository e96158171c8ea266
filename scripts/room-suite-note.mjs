// Runs after `npm test`: prints whether this machine can run the separate suite in a real LiveKit room, and how.
import { missingRequirement } from '../validation/dist/testbed/index.js';

const missing = missingRequirement();
console.log(
  missing
    ? `NOT RUN: the suite in a real LiveKit room (npm run test:room). This machine cannot run it: ${missing}.`
    : 'NOT RUN: the suite in a real LiveKit room. It takes minutes. Run: npm run test:room',
);
