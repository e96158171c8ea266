// Records ten seconds, waits until the due audio is written, prints `recorded`, and hangs until it is killed.
import { openTape } from '../../dist/index.js';

const tape = openTape({ path: process.argv[2], originMs: 0 });
for (let i = 0; i < 500; i += 1) tape.caller(i * 20, new Int16Array(480).fill(5), 24_000);
await tape.flushed();
process.stdout.write('recorded\n');
setInterval(() => {}, 1000);
