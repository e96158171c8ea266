import { request } from 'node:https';
import { generate } from 'selfsigned';
import { expect, test } from 'vitest';
import { CHAT, gatewayTo, HELLO, openAiModel, routeTo } from '../testing/gateway.js';
import { chunk, DONE, finish, stream, upstream } from '../testing/upstream.js';

const ANSWER = `${chunk({ content: 'Good morning.' })}${finish()}${DONE}`;

test('with a certificate it speaks https, and streams', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'gateway' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const server = await upstream((response) => stream(response, ANSWER));
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])], { tls: { key, cert } });
  expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1$/);
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      method: 'POST',
      ca: cert,
      agent: false,
      headers: { 'content-type': 'application/json' },
    };
    const sent = request(`${gateway.origin}${CHAT}`, options, async (response) => {
      let text = '';
      for await (const piece of response) text += piece;
      resolve(text);
    });
    sent.on('error', reject).end(JSON.stringify({ ...HELLO, stream: true }));
  });
  expect(answer).toBe(ANSWER);
});
