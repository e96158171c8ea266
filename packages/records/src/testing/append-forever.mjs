// Appends records until it is killed, and reports on stdout how many were passed to the operating system.
import { openTurnStore } from '../../dist/index.js';

const [dir, record] = process.argv.slice(2);
const store = openTurnStore({ dir, callId: 'killed' });
for (let turn = 1; ; turn += 1) {
  store.append({ ...JSON.parse(record), callId: 'killed', turn });
  await store.flushed();
  process.stdout.write(`${turn}\n`);
}
