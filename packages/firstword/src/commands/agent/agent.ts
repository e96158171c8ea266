import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@firstword/emulator';
import { runWorker } from '@firstword/livekit';
import { removeOldCalls } from '@firstword/records';
import { type MetricsServer, serveMetrics } from '@firstword/records/prometheus';
import { FirstwordError } from '@firstword/turn';
import { type LiveKitServer, liveKitServer } from '../../livekit-server.js';
import { LlmShelf } from '../../llm/shelf.js';
import { stopSignal } from '../../stop-signal.js';
import type { AgentOptions } from './options.js';
import { tellSampleAgent } from './sample-options.js';

const SAMPLE_AGENT = fileURLToPath(new URL('./sample-agent.js', import.meta.url));

function modeOf(words: readonly string[]): { mode: 'dev' | 'start'; file: string | undefined } {
  const [mode, file, ...more] = words;
  if ((mode === 'dev' || mode === 'start') && more.length === 0) return { mode, file };
  const message = `"${words.join(' ')}" is not what it takes: firstword agent dev, or start, and one file at most`;
  throw new FirstwordError('bad_input', message);
}

function agentFile(file: string | undefined): string {
  if (file === undefined) return SAMPLE_AGENT;
  const path = resolve(file);
  if (!existsSync(path)) throw new FirstwordError('bad_input', `there is no file ${path}`);
  return path;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/**
 * Says what the sample agent is, and lets the processes of its calls know. An emulated LLM is one for all of them, as a
 * provider is: each call draws delays of its own, and not the same ones again.
 */
async function setUpSampleAgent(options: AgentOptions): Promise<Emulator | undefined> {
  const { profile, livekitDefaults = false, transcripts = false, tape = false, seed } = options;
  const choice = new LlmShelf({ seed }).choice(profile);
  const out = resolve(options.out);
  if (options.keepDays !== undefined) await removeOldCalls({ dir: out, keepDays: options.keepDays });
  const emulator = choice.emulated ? await startEmulator({ seed, ttftSequence: 'per-question' }) : undefined;
  tellSampleAgent({ profile, livekitDefaults, out, transcripts, tape, seed, emulatorUrl: emulator?.url });
  say(
    `Sample agent, ${livekitDefaults ? "LiveKit's defaults" : "Firstword's levers on"}; LLM ${choice.label}`,
  );
  say(`Turn records${tape ? ' and tapes' : ''} go to ${out}`);
  return emulator;
}

async function work(
  options: AgentOptions & { agentFile: string; drainMs: number; server: LiveKitServer; signal: AbortSignal },
) {
  const { agentFile, drainMs, server, signal, name } = options;
  say(`Going to ${server.url} …`);
  await runWorker({
    agentFile,
    ...server,
    ...(name === undefined ? {} : { agentName: name }),
    idleProcesses: options.idle,
    drainMs,
    loadThreshold: options.fullAt / 100,
    logLevel: process.env.FIRSTWORD_LOG_LEVEL ?? 'error',
    onUnreachable: () =>
      say('It cannot be reached yet. Trying on for more than a minute: is the address right, is it up?'),
    onRegistered: () =>
      say(`Registered. It answers ${name ? `where "${name}" is called` : 'every new room'}; Ctrl-C ends it.`),
    onFull: (load) =>
      say(
        `Taking no new calls: the processors are ${Math.round(load * 100)} % busy (--full-at ${options.fullAt}).`,
      ),
    onFree: () => say('Taking calls again.'),
    onDraining: (calls) =>
      say(calls === 0 ? 'Stopping.' : `No more calls; waiting for ${calls} to end (Ctrl-C again cuts them).`),
    signal,
  });
}

/** `firstword agent`. */
export async function agent(options: AgentOptions): Promise<void> {
  const { mode, file } = modeOf(options.words);
  const path = agentFile(file);
  const server = liveKitServer(options);
  const signal = stopSignal();
  const emulator = file === undefined ? await setUpSampleAgent(options) : undefined;
  let metrics: MetricsServer | undefined;
  try {
    // Read from the records when scraped: every call runs in a process of its own.
    if (options.metricsPort !== undefined) {
      metrics = await serveMetrics({ dir: resolve(options.out), port: options.metricsPort });
      say(`Metrics of the records in ${resolve(options.out)}: ${metrics.url}`);
    }
    const drainMs = mode === 'start' ? options.drain * 1000 : 0;
    await work({ ...options, agentFile: path, drainMs, server, signal });
  } finally {
    await Promise.all([metrics?.close(), emulator?.close()]);
    // LiveKit's own SDK keeps handles open that nothing closes. Not at once: if it failed, that is yet to be said.
    setImmediate(() => process.exit());
  }
}
