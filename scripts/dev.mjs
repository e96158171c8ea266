// npm run dev: compiles the packages on every change, restarts the studio's server after each successful compilation,
// and serves the page from its source. The page reloads when its source changes and when the server is ready again.
// Arguments are passed to the studio (npm run dev -- --low-latency), except --port: FIRSTWORD_STUDIO sets its address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createLogger, createServer } from 'vite';

const { start } = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
const STUDIO = start.split(' ').slice(1);
// The page's vite.config.ts forwards its WebSocket to this address.
process.env.FIRSTWORD_STUDIO ??= 'http://127.0.0.1:4000';
const PORT = new URL(process.env.FIRSTWORD_STUDIO).port;

const children = new Set();
let stopping = false;

/** Starts a child. `detached` keeps Ctrl-C from it: a second signal would end the server before its records are written. */
function run(args, onOutput) {
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    onOutput(text);
  });
  return child;
}

async function end(child) {
  if (!children.has(child)) return;
  child.kill();
  await once(child, 'exit');
}

const customLogger = createLogger();
const { error } = customLogger;
// Hide proxy errors: each reload or restart closes sockets, and vite would print a stack trace for every one.
customLogger.error = (text, options) => text.includes('ws proxy') || error(text, options);
// No pre-bundling is needed: the page's only dependency is an ES module.
const page = await createServer({ root: 'apps/studio', customLogger, optimizeDeps: { noDiscovery: true } });
await page.listen();

let server;
async function restart() {
  await end(server);
  if (stopping) return;
  server = run([...STUDIO, ...process.argv.slice(2), '--port', PORT], (text) => {
    if (!text.includes('Ctrl-C')) return;
    page.hot.send({ type: 'full-reload' });
    console.log('  During development, open this page instead:');
    page.printUrls();
  });
}

let restarted = Promise.resolve();
run(['node_modules/typescript/bin/tsc', '-b', '-w', '--preserveWatchOutput'], (text) => {
  if (text.includes('Found 0 errors')) restarted = restarted.then(restart);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    stopping = true;
    await Promise.all([...[...children].map(end), page.close()]);
    process.exit(0);
  });
}
