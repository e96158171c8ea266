import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { prewarmCalls } from '@firstword/livekit';
import { removeOldCalls } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import open from 'open';
import { LlmRegistry } from '../../llm/registry.js';
import { isLoopback } from '../../loopback.js';
import { openSpeechEngines } from '../../speech-engines.js';
import { stopSignal, untilStopped } from '../../stop-signal.js';
import { FIRSTWORD_LEVERS, LIVEKIT_LEVERS } from '../../studio/lever-set.js';
import { PageSession, type StudioContext } from '../../studio/page-session.js';
import { openStudioRealtime, realtimeOf, type StudioRealtime } from '../../studio/realtime.js';
import { type StudioServer, startStudioServer } from '../../studio/server.js';
import type { CommandContext } from '../command.js';
import type { StudioOptions } from './options.js';

/** All pages share one speech-to-text engine: with more calls at the same time, they would wait for each other. */
const MAX_CALLS = 4;

function callSlots(max: number): StudioContext['reserveCallSlot'] {
  let taken = 0;
  return () => {
    if (taken >= max) return undefined;
    taken++;
    let released = false;
    return () => {
      if (!released) taken--;
      released = true;
    };
  };
}

function announce({ url, isPublic }: StudioServer, studio: StudioContext, host: string): void {
  const { emulated, label, source } = studio.registry.choice(studio.profile);
  console.log(`\n  Firstword studio   ${url}\n`);
  console.log(`  LLM       ${label}`);
  console.log(`            ${emulated ? `published delays: ${source}` : source}`);
  if (emulated)
    console.log(
      '            Set OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL to use a real provider.',
    );
  if (studio.realtime) {
    const { label, source } = studio.realtime.info;
    console.log(`  Realtime  ${label}`);
    console.log(`            ${source}`);
  }
  console.log(
    `  Agent     ${studio.levers === FIRSTWORD_LEVERS ? "Firstword's levers on" : "LiveKit's defaults"} (change them on the page)`,
  );
  console.log(`  Records   ${resolve(studio.recordsDir)}`);
  if (isPublic) {
    console.log(
      '\n  Warning   Other machines can reach this page. Whoever has the address above, with its token, can make calls on your\n' +
        '            account and hear them. Without a TLS proxy in front, the network can read the token and the calls.',
    );
  }
  if (!isLoopback(host)) {
    console.log(
      '  Note      Browsers allow microphone access on localhost or over HTTPS only: put a TLS proxy in front.',
    );
  }
  console.log('\n  Press Ctrl-C to stop.\n');
}

/** Creates the folder at startup, so that an unwritable one is reported now and not at the first call. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new FirstwordError(
      'unwritable',
      `Turn records cannot be written to ${path}: choose a folder that you may write to with --out.`,
      { cause },
    );
  }
}

/** `firstword studio`: serves the page until stopped, then ends the running calls and writes their records. */
export async function studio(options: StudioOptions, context: CommandContext): Promise<void> {
  const signal = stopSignal();
  const realtime = options.realtime === undefined ? undefined : realtimeOf(options.realtime);
  const registry = new LlmRegistry({ seed: options.seed });
  const profile = registry.choice(options.profile).name;
  const sessions = new Set<PageSession>();
  let shared: StudioContext | undefined;
  const server = await startStudioServer({
    host: options.host,
    port: options.port,
    allowedHosts: options.allowHost ?? [],
    onConnection: (socket) => {
      if (!shared) {
        socket.close(1013, 'The studio is still starting.');
        return;
      }
      const session = new PageSession(socket, shared);
      sessions.add(session);
      socket.on('close', () => sessions.delete(session));
    },
  });
  let speech: StudioContext['speech'] | undefined;
  let opened: StudioRealtime | undefined;
  try {
    await makeFolder(options.out);
    if (options.keepDays !== undefined)
      await removeOldCalls({ dir: options.out, keepDays: options.keepDays });
    prewarmCalls();
    [speech] = await Promise.all([openSpeechEngines({ signal }), registry.get(profile, { signal })]);
    if (realtime) opened = await openStudioRealtime(realtime, { speech, seed: options.seed, signal });
    shared = {
      version: context.version,
      speech,
      registry,
      profile,
      seed: options.seed,
      recordsDir: options.out,
      transcripts: options.transcripts ?? false,
      levers: options.lowLatency ? FIRSTWORD_LEVERS : LIVEKIT_LEVERS,
      realtime: opened,
      reserveCallSlot: callSlots(MAX_CALLS),
    };
    announce(server, shared, options.host);
    if (options.open) await open(server.url);
    await untilStopped();
  } finally {
    await Promise.all([...sessions].map((session) => session.close()));
    await server.close();
    await opened?.close();
    await speech?.close();
    await registry.close();
  }
}
