import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { prewarmCalls } from '@firstword/livekit';
import { removeOldCalls } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import open from 'open';
import { LlmShelf } from '../../llm/shelf.js';
import { stopSignal, untilStopped } from '../../stop-signal.js';
import { FIRSTWORD_SET, LIVEKIT_SET } from '../../studio/lever-set.js';
import { PageSession, type Studio } from '../../studio/page-session.js';
import { startStudioServer } from '../../studio/server.js';
import { openVoiceParts } from '../../voice-parts.js';
import type { CommandContext } from '../command.js';
import type { StudioOptions } from './options.js';

/** One embedded speech engine hears every page: more calls at once than this and each waits for the others. */
const MAX_CALLS = 4;

function places(max: number): Studio['takePlace'] {
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

function announce(url: string, studio: Studio, host: string): void {
  const { emulated, label, source } = studio.shelf.choice(studio.profile);
  console.log(`\n  Firstword studio   ${url}\n`);
  console.log(`  LLM       ${label}`);
  console.log(`            ${emulated ? `delays as published: ${source}` : source}`);
  if (emulated)
    console.log(
      '            Set OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL for a real one.',
    );
  console.log(
    `  Agent     ${studio.levers === FIRSTWORD_SET ? "Firstword's levers on" : "LiveKit's defaults"}; the page switches them`,
  );
  console.log(`  Records   ${resolve(studio.recordsDir)}`);
  if (!/^(127\.|localhost$|::1$)/.test(host)) {
    console.log(
      '  Note      Browsers give the microphone only to localhost or HTTPS: put a TLS proxy in front.',
    );
  }
  console.log('\n  Ctrl-C stops it.\n');
}

/** Now rather than at the first call: whoever named it is looking at the terminal. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new FirstwordError(
      'unwritable',
      `Turn records cannot be written to ${path}: choose a folder that you may write to with --out.`,
      { cause },
    );
  }
}

/** Serves the studio until it is stopped; then ends the calls in hand and writes their records. */
export async function studio(options: StudioOptions, context: CommandContext): Promise<void> {
  const signal = stopSignal();
  const shelf = new LlmShelf({ seed: options.seed });
  const profile = shelf.choice(options.profile).name;
  const sessions = new Set<PageSession>();
  let shared: Studio | undefined;
  const server = await startStudioServer({
    host: options.host,
    port: options.port,
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
  let parts: Studio['parts'] | undefined;
  try {
    await makeFolder(options.out);
    if (options.keepDays !== undefined)
      await removeOldCalls({ dir: options.out, keepDays: options.keepDays });
    prewarmCalls();
    [parts] = await Promise.all([openVoiceParts({ signal }), shelf.get(profile, { signal })]);
    shared = {
      version: context.version,
      parts,
      shelf,
      profile,
      seed: options.seed,
      recordsDir: options.out,
      transcripts: options.transcripts ?? false,
      levers: options.lowLatency ? FIRSTWORD_SET : LIVEKIT_SET,
      takePlace: places(MAX_CALLS),
    };
    announce(server.url, shared, options.host);
    if (options.open) await open(server.url);
    await untilStopped(signal);
  } finally {
    await Promise.all([...sessions].map((session) => session.close()));
    await server.close();
    await parts?.close();
    await shelf.close();
  }
}
