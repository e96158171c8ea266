import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in a process of its own that answers at once: what is left is the client. */
const piece = (fields: object, finish: string | null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const FIRST = piece({ content: 'Yes. ' }, null);
const MORE = piece({ content: 'word ' }, null);
const LAST = `${piece({}, 'stop')}data: [DONE]\n\n`;
/** Pieces after the first, and the time between them; none with `--at-once`. */
const PIECES = process.argv.includes('--at-once') ? 0 : 10;
const EVERY_MS = process.argv.includes('--at-once') ? 0 : 10;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(FIRST);
    // The answer goes on for a while, so that many streams are open at once.
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
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
