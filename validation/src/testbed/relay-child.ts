import { systemClock } from '@firstword/turn';
import { type RelayOptions, startRelay } from './relay.js';

// Runs in a network of its own until it is ended, and says when it can be used.
await startRelay({ ...(JSON.parse(process.argv[2]!) as Omit<RelayOptions, 'clock'>), clock: systemClock });
process.stdout.write('ready\n');
