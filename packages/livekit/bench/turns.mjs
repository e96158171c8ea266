/**
 * Runs thousands of turns through real AgentSessions, many at once. STT and TTS are scripted; LiveKit, the router and its
 * HTTP clients are real, and so are the sockets of two providers, one of which has a fault in almost every turn. Callers
 * interrupt, tools run alone and in parallel, agents hand over, both providers fail, and every call ends in the middle of a
 * turn. Exits with 1 if a count that must be 0 is not. `npm run bench:turns -- --help` lists the faults and the counts.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { systemClock } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { closeMidTurn, openCall, playTurn, sleep } from './turns/call.mjs';
import { FAULTS } from './turns/faults.mjs';
import { KINDS } from './turns/schedule.mjs';
import { COUNTS, emptyRow, FAULT_COUNTS, judge } from './turns/verdict.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean' }, json: { type: 'boolean' } },
});

function printHelp() {
  const list = (entries) => entries.map(([name, about]) => `  ${name.padEnd(28)}${about}`).join('\n');
  const faults = Object.entries(FAULTS).map(([name, { about, expect, live }]) => [
    name,
    `${about}: ${live ? 'answered by the same model' : expect}`,
  ]);
  console.log(`npm run bench:turns -- [turns] [calls] [--json]

  turns  turns in all, default 1000
  calls  calls at once, default 40

Faults of the primary (${faults.length}), and how the turn must end:
${list(faults)}

Kinds of turns: ${Object.keys(KINDS).join(', ')}

Counts:
${list(Object.entries(COUNTS))}`);
}

if (flags.help) {
  printHelp();
  process.exit(0);
}
const TURNS = Number(positionals[0] ?? 1000);
const CALLS = Number(positionals[1] ?? 40);
if (!(TURNS >= 1 && CALLS >= 1)) {
  console.error('Give turns and calls as numbers from 1: npm run bench:turns -- 1000 40');
  process.exit(2);
}
initializeLogger({ pretty: false, level: 'silent' });

/** Starts the providers; returns their port and how to ask for a call’s open requests and starved turns. */
async function startProviders() {
  const worker = new Worker(new URL('./turns/server.mjs', import.meta.url));
  const waiting = new Map();
  const port = await new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message) => {
      if ('port' in message) resolve(message.port);
      else waiting.get(message.call)?.(message);
    });
  });
  const askAbout = (call) =>
    new Promise((resolve) => {
      waiting.set(call, resolve);
      worker.postMessage({ call });
    });
  return { port, askAbout };
}

const byFault = Object.fromEntries(Object.keys(FAULTS).map((name) => [name, emptyRow()]));
const byKind = Object.fromEntries(Object.keys(KINDS).map((name) => [name, emptyRow()]));
const bad = [];
const add = (to, row) => {
  for (const name of Object.keys(to)) to[name] += row[name];
};

async function playCall(call, { askAbout }) {
  const { index } = call;
  const turns = Math.ceil(TURNS / CALLS);
  for (let n = 1; n <= turns; n++) await playTurn(call, n);
  await sleep(500);
  const { starved } = await askAbout(index);
  for (let n = 1; n <= turns; n++) {
    const { kind, fault, row, story } = judge(call, n, starved);
    add(byFault[fault], row);
    add(byKind[kind], row);
    const counts = FAULT_COUNTS.filter((name) => row[name] > 0);
    if (counts.length > 0) bad.push({ call: index, turn: n, kind, fault, counts, story });
  }
  const ended = await closeMidTurn(call, turns + 1, async () => (await askAbout(index)).open);
  const { started, kept, cancelled, wastedTokens } = call.session.stt.counters;
  return { requests: call.requests.length, started, kept, cancelled, wastedTokens, ...ended };
}

const startedMs = systemClock.nowMs();
const providers = await startProviders();
const opened = [];
// One after another: forty sessions that start at once block the event loop for seconds.
for (let index = 0; index < CALLS; index++) opened.push(await openCall(index, providers.port));
const calls = await Promise.all(opened.map((call) => playCall(call, providers)));
const sum = (key) => calls.reduce((total, call) => total + call[key], 0);
const all = emptyRow();
for (const row of Object.values(byFault)) add(all, row);
const unsettled = sum('started') - sum('kept') - sum('cancelled');
const left = {
  openRequests: sum('open'),
  playedAfterClose: sum('playedAfter'),
  unsettledSpeculations: unsettled,
};
const passed = [...FAULT_COUNTS.map((name) => all[name]), ...Object.values(left)].every(
  (count) => count === 0,
);
const seconds = Math.round((systemClock.nowMs() - startedMs) / 1000);
if (flags.json) {
  console.log(
    JSON.stringify({ passed, calls: CALLS, seconds, all, left, byFault, byKind, bad }, undefined, 2),
  );
} else {
  console.table({ ...byFault, all });
  console.table(byKind);
  for (const turn of bad.slice(0, 40)) console.log(JSON.stringify(turn));
  console.log(
    `${all.turns} turns in ${CALLS} calls at once, ${seconds} s; ${Object.keys(FAULTS).length - 1} kinds of fault; ${sum('requests')} ` +
      `LLM requests; speculations: ${sum('started')} started, ${sum('kept')} kept, ${sum('cancelled')} cancelled`,
  );
  console.log(
    `left after calls that closed in the middle of a turn: ${left.openRequests} requests open, ` +
      `${left.playedAfterClose} answers played afterwards, ${unsettled} speculations unsettled`,
  );
  console.log(passed ? 'passed' : 'FAILED: a count that must be 0 is not (--help says what each means)');
}
process.exit(passed ? 0 : 1);
