import { systemClock } from '@firstword/turn';
import { type RelayOptions, startRelay } from './relay.js';

// Runs in its own network namespace until it is killed. Prints "ready" when it listens.
await startRelay({ ...(JSON.parse(process.argv[2]!) as Omit<RelayOptions, 'clock'>), clock: systemClock });
process.stdout.write('ready\n');
