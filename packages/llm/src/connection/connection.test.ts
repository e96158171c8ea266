import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from '../testing/server.js';
import { Connection } from './connection.js';
import { isClosedByServer } from './failure.js';

test('a socket that closes just after a request was handed over counts as closed by the server', async () => {
  const { baseUrl } = await serve(() => {});
  const origin = new URL(new URL(baseUrl).origin);
  const socket = connect(Number(origin.port), origin.hostname);
  await once(socket, 'connect');
  const connection = new Connection({ origin, socket, onClosed: () => {} });
  const error = await new Promise((resolve) => {
    connection.dispatch(
      { method: 'POST', path: '/', body: '{}' },
      { onRequestStart: () => {}, onResponseError: (_controller, failure) => resolve(failure) },
    );
    socket.destroy();
  });
  expect(connection.closed).toBe(true);
  expect(isClosedByServer(error)).toBe(true);
});
