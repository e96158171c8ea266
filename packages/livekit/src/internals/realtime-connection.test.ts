import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startRealtimeEmulator } from '@firstword/emulator/realtime';
import { APIConnectionError, initializeLogger, type llm } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { expect, it, onTestFinished, vi } from 'vitest';
import '../testing/realtime-rig.js';
import { openReporting } from './realtime-connection.js';

initializeLogger({ pretty: false, level: 'silent' });

async function serverAt(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** The errors of a session at this base URL. */
function openAt(baseURL: string) {
  const connOptions = { maxRetry: 1, retryIntervalMs: 10, timeoutMs: 5000 };
  const model = new openai.realtime.RealtimeModel({ apiKey: 'test-key', baseURL, connOptions });
  const session = openReporting(() => model.session());
  const errors: llm.RealtimeModelError[] = [];
  session.on('error', (error: llm.RealtimeModelError) => errors.push(error));
  return { session, errors };
}

it.each([
  [404, /refused with status 404. It is no realtime server: check baseURL/],
  [401, /refused with status 401. Check the API key/],
  [503, /refused with status 503. The provider has an error/],
])('reports a server that answers with %i, without a key in it', async (status, message) => {
  const baseURL = await serverAt((_request, response) => response.writeHead(status).end());
  const { errors } = openAt(baseURL);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  expect(errors[0]).toMatchObject({ recoverable: false, error: { message: expect.stringMatching(message) } });
  expect(errors[0]!.error).toBeInstanceOf(APIConnectionError);
  expect(errors[0]!.error.message).not.toContain('test-key');
});

it('tries a lost connection again, and reports when it gives up', async () => {
  const emulator = await startRealtimeEmulator({ profile: 'instant' });
  const { session, errors } = openAt(emulator.url);
  await vi.waitFor(() => expect(emulator.realtimeStats().openConnections).toBe(1));
  await emulator.close();
  await vi.waitFor(() => expect(errors.at(-1)).toMatchObject({ recoverable: false }), { timeout: 5000 });
  expect(errors.at(-1)!.error.message).toMatch(
    /failed \(connect ECONNREFUSED.*Check baseURL and the network/,
  );
  await session.close().catch(() => {});
});
