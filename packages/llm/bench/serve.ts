import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EmulatorOptions, startEmulator } from '@firstword/emulator';

/**
 * A server in its own process, so that the bench's process runs only the client. `--at-once`: the answer is one
 * piece, sent at once. `--emulators JSON`: provider emulators instead, one for each entry of a list of options. Sends
 * the list of base URLs.
 */
const piece = (fields: object, finish: string | null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const FIRST = piece({ content: 'Yes. ' }, null);
const MORE = piece({ content: 'word ' }, null);
const LAST = `${piece({}, 'stop')}data: [DONE]\n\n`;
/** Pieces after the first, and the time between them. */
const PIECES = process.argv.includes('--at-once') ? 0 : 10;
const EVERY_MS = process.argv.includes('--at-once') ? 0 : 10;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(FIRST);
    // The answer takes a while, so that many streams are open at once.
    let left = PIECES;
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) response.write(MORE);
      else {
        clearInterval(timer);
        response.end(LAST);
      }
    }, EVERY_MS);
    response.on('close', () => clearInterval(timer));
  });
});
const asked = process.argv.indexOf('--emulators');
if (asked > 0) {
  const options = JSON.parse(process.argv[asked + 1]!) as EmulatorOptions[];
  const emulators = await Promise.all(options.map((one) => startEmulator(one)));
  process.send!(emulators.map(({ url }) => url));
} else {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send!([`http://127.0.0.1:${port}/v1`]);
  });
}
process.on('disconnect', () => process.exit());
// Ctrl-C reaches this process too. Ignore it: the bench ends this process by disconnecting.
process.on('SIGINT', () => {});
