import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandGroup } from './support/process-group.js';

/** Signals per command. */
const MOMENTS = Number(process.env.MOMENTS ?? 20);
/** A command ends within this time after a signal, with all its children, ms. */
const LIMIT_MS = 2_000;
const INVALID_USAGE = 2;

const FORUM = fileURLToPath(
  new URL('../../packages/records/src/testing/livekit/forum.jsonl', import.meta.url),
);
/** Copies of the recorded turns: enough to be read for some seconds. */
const COPIES = 20_000;

let folder: string;
let silent: Server;

/** What the arguments of a command may name. */
interface Places {
  /** A folder of this run. */
  out: string;
  /** Many recorded turns. */
  turns: string;
  /** The address of a server that accepts connections and never answers, and of one that is not there. */
  silent: string[];
  absent: string[];
}

/** Each command with arguments that keep it busy, and the time over which the signals are spread, s. */
const COMMANDS: [name: string, seconds: number, args: (places: Places) => string[]][] = [
  ['agent dev', 8, ({ out, absent }) => ['agent', 'dev', '--out', out, ...absent]],
  ['agent start', 8, ({ out, absent }) => ['agent', 'start', '--out', out, ...absent]],
  ['agent start, silent server', 6, ({ out, silent }) => ['agent', 'start', '--out', out, ...silent]],
  [
    'bench',
    4,
    ({ out }) => [
      'bench',
      'emulated:groq-gpt-oss-120b',
      '--turns',
      '500',
      '--pace',
      '4',
      '--out',
      join(out, 'run.json'),
    ],
  ],
  [
    'bench, speech',
    8,
    ({ out }) => [
      'bench',
      'stt:emulated:deepgram-nova-3',
      'tts:emulated:cartesia-sonic-3',
      '--out',
      join(out, 'run.json'),
    ],
  ],
  ['call', 6, ({ out, silent }) => ['call', '--out', out, ...silent]],
  ['compare', 8, ({ out }) => ['compare', '--setup', 'groq', '--out', out]],
  ['demo', 12, ({ out }) => ['demo', '--low-latency', '--out', out]],
  [
    'record-speech',
    8,
    ({ out }) => ['record-speech', 'stt:emulated:deepgram-nova-3', '--out', join(out, 'profile.json')],
  ],
  ['doctor', 3, ({ turns }) => ['doctor', turns]],
  ['emulate', 2, () => ['emulate', '--port', '0']],
  ['emulate, speech', 4, () => ['emulate', '--port', '0', '--speech', 'deepgram']],
  ['gateway', 3, () => ['gateway', 'emulated:gpt-4o-mini', '--port', '0']],
  ['fetch', 3, () => ['fetch', 'smart-turn']],
  ['metrics', 2, ({ out }) => ['metrics', out, '--port', '0']],
  ['report', 4, ({ turns }) => ['report', turns]],
  ['studio', 6, ({ out }) => ['studio', '--port', '0', '--out', out]],
  ['what-if', 4, ({ turns }) => ['what-if', turns, '--set', 'swap=98/217/2117']],
];

/** A terminal signals the whole group; `kill` and a supervisor signal the command, or all that it started. */
const DELIVERIES = [
  ['SIGINT', 'group', 130],
  ['SIGTERM', 'process', 143],
  ['SIGINT', 'process', 130],
  ['SIGTERM', 'group', 143],
] as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firstword-signals-'));
  writeFileSync(
    join(folder, 'turns.jsonl'),
    readFileSync(FORUM, 'utf8').trimEnd().concat('\n').repeat(COPIES),
  );
  silent = createServer(() => {});
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
});

afterAll(() => {
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

const serverOptions = (port: number): string[] => ['--url', `ws://127.0.0.1:${port}`, '--api-key', 'key'];

function runFolders(index: string): { out: string; temporary: string } {
  const out = join(folder, index, 'out');
  const temporary = join(folder, index, 'tmp');
  for (const path of [out, temporary]) mkdirSync(path, { recursive: true });
  return { out, temporary };
}

describe.runIf(process.platform === 'linux').each(COMMANDS)('firstword %s', (name, seconds, args) => {
  it.each(Array.from({ length: MOMENTS }, (_, i) => i))('ends cleanly at moment %d', async (moment) => {
    const [signalName, to, exitCode] = DELIVERIES[moment % DELIVERIES.length]!;
    const { out, temporary } = runFolders(`${name}-${moment}`);
    const command = new CommandGroup(
      args({
        out,
        turns: join(folder, 'turns.jsonl'),
        silent: serverOptions((silent.address() as AddressInfo).port),
        absent: serverOptions(1),
      }),
      { TMPDIR: temporary, LIVEKIT_API_SECRET: 'secret' },
    );
    try {
      await sleep((moment / MOMENTS) * seconds * 1_000);
      if (!command.isRunning) {
        // It has done its work already. With arguments that it refuses, it would never be stopped here.
        expect(command.exitCode).not.toBe(INVALID_USAGE);
        return;
      }
      const { code, signal, endedAfterMs, stderr } = await command.end(signalName, to);
      const where = `${signalName} to the ${to} ${Math.round((moment / MOMENTS) * seconds * 1_000)} ms after its start; stderr: ${stderr}`;
      // Before Node runs any code of the command, the signal itself ends the process: a shell shows the same exit code.
      expect(code ?? signal, where).toBeOneOf([exitCode, signalName]);
      expect(endedAfterMs, where).toBeLessThan(LIMIT_MS);
      await expect
        .poll(() => command.members, { timeout: LIMIT_MS - endedAfterMs, interval: 50, message: where })
        .toEqual([]);
      expect(readdirSync(temporary), where).toEqual([]);
      expect(stderr).not.toMatch(/firstword: |Error/);
    } finally {
      command.killAll();
    }
  });
});
