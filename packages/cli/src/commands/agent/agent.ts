import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runWorker } from '@firstword/livekit';
import { removeOldCalls } from '@firstword/measure';
import { serveMetrics } from '@firstword/measure/prometheus';
import { FirstwordError } from '@firstword/turn';
import { liveKitServer } from '../../livekit-server.js';
import { LlmShelf } from '../../llm/shelf.js';
import { stopSignal } from '../../stop-signal.js';
import type { AgentOptions } from './define.js';
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

/** `firstword agent`. */
export async function agent(options: AgentOptions): Promise<void> {
  const { mode, file } = modeOf(options.words);
  const path = agentFile(file);
  const server = liveKitServer(options);
  const signal = stopSignal();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (file === undefined) {
    const choice = new LlmShelf({ seed: options.seed }).choice(options.profile);
    const { profile, livekitDefaults = false, transcripts = false, tape = false, seed } = options;
    const out = resolve(options.out);
    if (options.keepDays !== undefined) await removeOldCalls({ dir: out, keepDays: options.keepDays });
    tellSampleAgent({ profile, livekitDefaults, out, transcripts, tape, seed });
    say(
      `Sample agent, ${livekitDefaults ? "LiveKit's defaults" : "Firstword's levers on"}; LLM ${choice.label}`,
    );
    say(`Turn records${tape ? ' and tapes' : ''} go to ${out}`);
  }
  // Read from the records when scraped: every call runs in a process of its own.
  const metrics =
    options.metricsPort === undefined
      ? undefined
      : await serveMetrics({ dir: resolve(options.out), port: options.metricsPort });
  if (metrics) say(`Metrics of the records in ${resolve(options.out)}: ${metrics.url}`);
  say(`Going to ${server.url} …`);
  const running = runWorker({
    agentFile: path,
    ...server,
    ...(options.name === undefined ? {} : { agentName: options.name }),
    idleProcesses: options.idle,
    drainMs: mode === 'start' ? options.drain * 1000 : 0,
    logLevel: process.env.FIRSTWORD_LOG_LEVEL ?? 'error',
    onRegistered: () =>
      say(
        `Registered. It answers ${options.name ? `where "${options.name}" is called` : 'every new room'}; Ctrl-C ends it.`,
      ),
    onDraining: (calls) =>
      say(calls === 0 ? 'Stopping.' : `No more calls; waiting for ${calls} to end (Ctrl-C again cuts them).`),
    signal,
  });
  await running.finally(() => metrics?.close());
  // LiveKit's own SDK keeps handles open that nothing closes.
  process.exit();
}
