import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import { defaultAuthorities, trusting } from './trust.js';

async function tlsServer(name: string) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const server = tls.createServer({ key, cert }, (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, ca: cert };
}

const connected = async (port: number, secureContext: tls.SecureContext) => {
  const socket = tls.connect({ host: '127.0.0.1', port, secureContext });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket.authorized;
};

test('an authority is trusted in addition to the default ones', async () => {
  const [usual, own, foreign] = [await tlsServer('one'), await tlsServer('two'), await tlsServer('three')];
  const context = trusting(own.ca, [usual.ca]);
  expect(await connected(usual.port, context)).toBe(true);
  expect(await connected(own.port, context)).toBe(true);
  await expect(connected(foreign.port, context)).rejects.toMatchObject({
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
});

test('the default ones are those that Node trusts', () => {
  expect(defaultAuthorities()).toEqual(expect.arrayContaining([...tls.rootCertificates]));
});
