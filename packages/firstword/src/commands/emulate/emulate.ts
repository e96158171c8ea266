import {
  type EmulatorOptions,
  findProfile,
  LIMIT_PRESETS,
  PROFILES,
  startEmulator,
} from '@firstword/emulator';
import { FirstwordError, unknownName } from '@firstword/turn';
import { isLoopback } from '../../loopback.js';
import { readSecret } from '../../secret.js';
import { untilStopped } from '../../stop-signal.js';
import { llmFaults } from './faults.js';
import type { EmulateOptions } from './options.js';

function list(json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify(PROFILES, null, 2));
    return;
  }
  console.log('Published TTFT in ms (the emulator plays these figures; it measures nothing):\n');
  for (const { name, ttft, source } of PROFILES) {
    const { p50Ms, p95Ms, maxMs } = ttft;
    console.log(
      `${name.padEnd(24)} p50 ${p50Ms}  p95 ${p95Ms}${maxMs === undefined ? '' : `  max ${maxMs}`}`,
    );
    console.log(`${' '.repeat(25)}${source}`);
  }
}

function toEmulatorOptions(options: EmulateOptions): EmulatorOptions {
  const { host, port, seed, profile, limits, rtt, tls, keyEnv, keyFile, strict } = options;
  const key = readSecret({ file: keyFile, variable: keyEnv });
  if (profile !== undefined && !findProfile(profile)) {
    throw unknownName(
      'profile',
      profile,
      PROFILES.map(({ name }) => name),
    );
  }
  if (limits !== undefined && !Object.hasOwn(LIMIT_PRESETS, limits)) {
    throw unknownName('limits preset', limits, Object.keys(LIMIT_PRESETS));
  }
  const plan = options.faults === undefined ? { rules: [] } : llmFaults.readPlan(options.faults);
  return {
    host,
    port,
    seed,
    faults: { ...plan, rules: [...options.fault.map(llmFaults.parse), ...plan.rules] },
    ...(profile === undefined ? {} : { profile }),
    ...(limits === undefined ? {} : { limits: [limits as keyof typeof LIMIT_PRESETS] }),
    ...(rtt === undefined ? {} : { network: { rttMs: rtt } }),
    ...(tls === undefined ? {} : { tls }),
    ...(key === undefined ? {} : { requireKey: key }),
    ...(strict === undefined ? {} : { strict }),
  };
}

/** `firstword emulate`. */
export async function emulate(options: EmulateOptions): Promise<void> {
  if (options.realtime) {
    const realtime = await import('./realtime.js');
    if (options.list) realtime.listRealtime(options.json);
    else await realtime.emulateRealtime(options, toEmulatorOptions(options));
    return;
  }
  if (
    options.realtimeProfile !== undefined ||
    options.realtimeFaults !== undefined ||
    options.realtimeFault.length > 0
  )
    throw new FirstwordError('bad_input', 'Realtime models are served with --realtime: add it.');
  if (options.speech !== undefined) {
    // Imported here because the speech services load a WebSocket server and protobuf.
    const speech = await import('./speech.js');
    if (options.list) speech.listSpeech(options.json);
    else await speech.emulateSpeech(options, toEmulatorOptions(options));
    return;
  }
  if (options.list) {
    list(options.json);
    return;
  }
  const settings = toEmulatorOptions(options);
  const emulator = await startEmulator(settings);
  const { url, port, caPem } = emulator;
  if (options.json) console.log(JSON.stringify({ url, port, ...(caPem === undefined ? {} : { caPem }) }));
  else {
    console.log(`Emulated LLM provider on ${url}`);
    console.log(
      settings.requireKey === undefined
        ? 'Any API key is accepted. Press Ctrl-C to stop.'
        : 'Press Ctrl-C to stop.',
    );
    if (!isLoopback(options.host) && settings.requireKey === undefined)
      console.log(
        'Warning: other machines can use the emulator, without a key. Require one with --key-file.',
      );
    if (caPem) console.log(`Trust this certificate:\n${caPem}`);
  }
  await untilStopped();
  const { requests } = emulator.stats();
  await emulator.close();
  if (!options.json) console.log(`Stopped after ${requests} requests.`);
}
