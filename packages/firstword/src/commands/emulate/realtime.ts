import type { EmulatorOptions } from '@firstword/emulator';
import {
  REALTIME_PROFILES,
  type RealtimeEmulator,
  type RealtimeEmulatorOptions,
  startRealtimeEmulator,
} from '@firstword/emulator/realtime';
import { FirstwordError } from '@firstword/turn';
import { isLoopback } from '../../loopback.js';
import { stopSignal, untilStopped } from '../../stop-signal.js';
import type { EmulateOptions } from './options.js';
import { realtimeFaults } from './realtime-faults.js';
import { realtimeServiceSetups } from './realtime-services.js';
import { openSpeechParts } from './speech-parts.js';

/** Prints the profiles of the realtime models. */
export function listRealtime(json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify(REALTIME_PROFILES, null, 2));
    return;
  }
  console.log('From the end of the turn to the first audio, in ms (the emulator plays these figures):\n');
  for (const { name, generation, leadingSilenceMs, source } of REALTIME_PROFILES) {
    const { p50Ms, p95Ms } = generation;
    const silence = leadingSilenceMs > 0 ? `  then ${leadingSilenceMs} of silence` : '';
    console.log(`${name.padEnd(28)} p50 ${p50Ms}  p95 ${p95Ms}${silence}`);
    console.log(`${' '.repeat(29)}${source}`);
  }
}

function realtimeOptions(options: EmulateOptions): RealtimeEmulatorOptions {
  const { seed, rtt, realtimeProfile, realtimeFault } = options;
  const plan =
    options.realtimeFaults === undefined ? { rules: [] } : realtimeFaults.readPlan(options.realtimeFaults);
  return {
    seed,
    faults: { ...plan, rules: [...realtimeFault.map(realtimeFaults.parse), ...plan.rules] },
    ...(rtt === undefined ? {} : { rttMs: rtt }),
    ...(realtimeProfile === undefined ? {} : { profile: realtimeProfile }),
  };
}

function print(
  { url, port, urls, caPem }: RealtimeEmulator,
  options: { description: string; json: boolean | undefined; isOpenToOthers: boolean },
): void {
  const services = realtimeServiceSetups(urls);
  if (options.json) {
    console.log(JSON.stringify({ url, port, services, ...(caPem === undefined ? {} : { caPem }) }));
    return;
  }
  console.log(`Emulated realtime models and LLM on ${new URL(url).origin}. ${options.description}`);
  for (const { name, environment, code, package: plugin } of services) {
    console.log(`\n${name} (${plugin})`);
    for (const [variable, value] of Object.entries(environment)) console.log(`  export ${variable}=${value}`);
    for (const line of code) console.log(`  ${line}`);
  }
  if (options.isOpenToOthers)
    console.log(
      '\nWarning: other machines can use the emulator, without a key. Require one with --key-file.',
    );
  if (caPem) console.log(`\nTrust this certificate:\n${caPem}`);
  console.log('\nPress Ctrl-C to stop.');
}

/** `firstword emulate --realtime`: serves the LLM and the realtime models until it is stopped. */
export async function emulateRealtime(options: EmulateOptions, llm: EmulatorOptions): Promise<void> {
  if (options.speech !== undefined) {
    throw new FirstwordError(
      'bad_input',
      '--realtime and --speech cannot share a port: start a second `firstword emulate` for the other one.',
    );
  }
  const settings = realtimeOptions(options);
  const parts = await openSpeechParts({ transcript: options.transcript, signal: stopSignal() });
  try {
    const emulator = await startRealtimeEmulator({ ...settings, ...parts, llm });
    const { requireKey } = llm;
    const isOpenToOthers = !isLoopback(options.host) && requireKey === undefined;
    print(emulator, { description: parts.description, json: options.json, isOpenToOthers });
    await untilStopped();
    const { responses, turns } = emulator.realtimeStats();
    await emulator.close();
    if (!options.json) console.log(`Stopped after ${turns} turns and ${responses} responses.`);
  } finally {
    await parts.close();
  }
}
