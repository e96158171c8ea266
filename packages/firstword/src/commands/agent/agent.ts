import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@firstword/emulator';
import { checkAgentFile, runnableFile, runWorker } from '@firstword/livekit';
import { removeOldCalls } from '@firstword/records';
import { type MetricsServer, serveMetrics } from '@firstword/records/prometheus';
import { FirstwordError } from '@firstword/turn';
import { type LiveKitServer, liveKitServer } from '../../livekit-server.js';
import { LlmRegistry } from '../../llm/registry.js';
import { drainWhenStopped, stopSignal } from '../../stop-signal.js';
import type { AgentOptions } from './options.js';
import { setSampleAgentOptions } from './sample-options.js';

const SAMPLE_AGENT = fileURLToPath(new URL('./sample-agent.js', import.meta.url));

function modeOf(args: readonly string[]): { mode: 'dev' | 'start'; file: string | undefined } {
  const [mode, file, ...more] = args;
  if ((mode === 'dev' || mode === 'start') && more.length === 0) return { mode, file };
  const message = `invalid arguments "${args.join(' ')}": use firstword agent dev [file] or firstword agent start [file]`;
  throw new FirstwordError('bad_input', message);
}

const log = (text: string) => process.stderr.write(`${text}\n`);

/** Finds and tries the user's file. Returns its path, or that of its compiled sibling. */
async function tryAgentFile(file: string, signal: AbortSignal): Promise<string> {
  const given = resolve(file);
  const runnable = runnableFile(given);
  if (runnable.path !== given)
    log(`Running ${runnable.path}, because Node.js ${process.version} runs no TypeScript`);
  await checkAgentFile(runnable, { signal });
  // LiveKit starts the process of each call with these options of this process.
  process.execArgv.push(...runnable.execArgv);
  return runnable.path;
}

/**
 * Prints the sample agent's settings and passes them to the processes of its calls. All calls share one emulated LLM, as
 * they would share a provider; with an emulator each, every call would get the same delays.
 */
async function setUpSampleAgent(options: AgentOptions): Promise<Emulator | undefined> {
  const { profile, livekitDefaults = false, transcripts = false, tape = false, seed } = options;
  const choice = new LlmRegistry({ seed }).choice(profile);
  const out = resolve(options.out);
  if (options.keepDays !== undefined) await removeOldCalls({ dir: out, keepDays: options.keepDays });
  const emulator = choice.emulated ? await startEmulator({ seed, ttftSequence: 'per-question' }) : undefined;
  setSampleAgentOptions({
    profile,
    livekitDefaults,
    out,
    transcripts,
    tape,
    seed,
    emulatorUrl: emulator?.url,
  });
  log(
    `Sample agent, ${livekitDefaults ? "LiveKit's defaults" : "Firstword's levers on"}, LLM ${choice.label}`,
  );
  log(`Turn records${tape ? ' and tapes' : ''} go to ${out}`);
  return emulator;
}

async function work(
  options: AgentOptions & { agentFile: string; drainMs: number; server: LiveKitServer; signal: AbortSignal },
) {
  const { agentFile, drainMs, server, signal, name } = options;
  log(`Connecting to ${server.url} …`);
  await runWorker({
    agentFile,
    ...server,
    ...(name === undefined ? {} : { agentName: name }),
    idleProcesses: options.idle,
    drainMs,
    loadThreshold: options.fullAt / 100,
    logLevel: process.env.FIRSTWORD_LOG_LEVEL ?? 'error',
    onUnreachable: () =>
      log(
        'The server cannot be reached. Retrying for more than a minute: check the address and that it is running.',
      ),
    onRegistered: () =>
      log(
        `Registered. Answering ${name ? `calls dispatched to "${name}"` : 'every new room'}. Press Ctrl-C to stop.`,
      ),
    onFull: (load) =>
      log(`Accepting no new calls: CPU load is ${Math.round(load * 100)} % (--full-at ${options.fullAt}).`),
    onFree: () => log('Accepting calls again.'),
    onDraining: (calls) =>
      log(
        calls === 0
          ? 'Stopping.'
          : `Accepting no more calls; waiting for ${calls} to end (press Ctrl-C again to cut them off).`,
      ),
    signal,
  });
}

/** `firstword agent`. */
export async function agent(options: AgentOptions): Promise<void> {
  const { mode, file } = modeOf(options.args);
  const server = liveKitServer(options);
  const signal = stopSignal();
  if (mode === 'start') drainWhenStopped();
  const path = file === undefined ? SAMPLE_AGENT : await tryAgentFile(file, signal);
  const emulator = file === undefined ? await setUpSampleAgent(options) : undefined;
  let metrics: MetricsServer | undefined;
  try {
    // The metrics are computed from the record files, because every call runs in its own process.
    if (options.metricsPort !== undefined) {
      metrics = await serveMetrics({ dir: resolve(options.out), port: options.metricsPort });
      log(`Metrics of the records in ${resolve(options.out)}: ${metrics.url}`);
    }
    const drainMs = mode === 'start' ? options.drain * 1000 : 0;
    await work({ ...options, agentFile: path, drainMs, server, signal });
  } finally {
    await Promise.all([metrics?.close(), emulator?.close()]);
  }
}
