/** The primary and the backup provider, on real sockets, in a thread of their own: they do not share the agent's delays. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { FAULTS, piecesOf } from './faults.mjs';
import { turnOf } from './schedule.mjs';

const openOf = new Map();
/** Turns of each call in which this thread was too late to be a live provider. */
const starvedOf = new Map();

async function answer(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (request.method === 'GET') {
    await sleep(3_000);
    return response.end('{"data":[]}');
  }
  const { messages, call } = JSON.parse(body);
  openOf.set(call, (openOf.get(call) ?? 0) + 1);
  response.on('close', () => openOf.set(call, openOf.get(call) - 1));
  const asked = String(messages.findLast(({ role }) => role === 'user').content).replaceAll('.', '');
  const turn = Number(asked.match(/\d+/)?.[0] ?? 0);
  response.on('starved', () => starvedOf.set(call, [...(starvedOf.get(call) ?? []), turn]));
  const { fault: name, tools } = turnOf(call, turn);
  const fault = FAULTS[name];
  const isSecond = messages.at(-1).role === 'tool';
  const hit = (request.url.startsWith('/primary') || fault.both) && !(isSecond && fault.only === 'tool');
  const { play } = hit ? fault : FAULTS.none;
  await sleep(5 + (turn % 3) * 10);
  await play(response, piecesOf({ asked, tools: isSecond ? [] : tools }));
}

const server = createServer(
  (request, response) => void answer(request, response).catch(() => response.destroy()),
);
server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
parentPort.on('message', ({ call }) =>
  parentPort.postMessage({ call, open: openOf.get(call) ?? 0, starved: starvedOf.get(call) ?? [] }),
);
