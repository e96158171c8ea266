import { request as ask, createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a provider got it. */
export interface RecordedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
  /** When its body had arrived, Unix time, ms. */
  atUnixMs: number;
}

/** A proxy in front of an emulator that keeps what it passes on. */
export interface RecordingProxy {
  /** Its origin. */
  origin: string;
  /** Requests with a body since the last `take`, which empties the list. */
  take(): RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a proxy that passes every byte on as it comes, in both directions, and ends each side when the other does. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let recorded: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    const { method, headers, url: path } = incoming;
    const outgoing = ask(`${target}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (chunks.length === 0) return;
      recorded.push({
        path: path!,
        headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
        atUnixMs: Date.now(),
      });
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    take() {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
