// npm run dev: compiles the packages on every change, restarts the studio's server after each compilation that succeeds,
// and serves the page from its source. The page reloads when its source changes and when the server is ready again.
// Arguments go to the studio (npm run dev -- --low-latency), but for --port: FIRSTWORD_STUDIO names the server's address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createLogger, createServer } from 'vite';

const { start } = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
const STUDIO = start.split(' ').slice(1);
// The page's vite.config.ts passes its WebSocket on to this address.
process.env.FIRSTWORD_STUDIO ??= 'http://127.0.0.1:4000';
const PORT = new URL(process.env.FIRSTWORD_STUDIO).port;

const children = new Set();
let stopping = false;

/** `detached`: Ctrl-C does not reach the child itself. A second signal would end the server before its records are written. */
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
// Every socket that a reload or a restart ends would be reported with a stack.
customLogger.error = (text, options) => text.includes('ws proxy') || error(text, options);
// Nothing to bundle beforehand: the page's one dependency is a module already.
const page = await createServer({ root: 'apps/studio', customLogger, optimizeDeps: { noDiscovery: true } });
await page.listen();

let server;
async function restart() {
  await end(server);
  if (stopping) return;
  server = run([...STUDIO, ...process.argv.slice(2), '--port', PORT], (text) => {
    if (!text.includes('Ctrl-C')) return;
    page.hot.send({ type: 'full-reload' });
    console.log('  While developing, open this page instead:');
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
