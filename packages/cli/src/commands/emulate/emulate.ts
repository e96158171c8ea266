import { findProfile, PROFILES, startEmulator } from '@firstword/emulator';
import { FirstwordError } from '@firstword/turn';
import { untilStopped } from '../../stop-signal.js';
import type { EmulateOptions } from './define.js';

function list(json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify(PROFILES, null, 2));
    return;
  }
  console.log('TTFT in ms, as published by others (the emulator only plays them):\n');
  for (const { name, ttft, source } of PROFILES) {
    const { p50Ms, p95Ms, maxMs } = ttft;
    console.log(
      `${name.padEnd(24)} p50 ${p50Ms}  p95 ${p95Ms}${maxMs === undefined ? '' : `  max ${maxMs}`}`,
    );
    console.log(`${' '.repeat(25)}${source}`);
  }
}

export async function emulate(options: EmulateOptions): Promise<void> {
  if (options.list) {
    list(options.json);
    return;
  }
  if (options.profile !== undefined && !findProfile(options.profile)) {
    throw new FirstwordError(
      'bad_input',
      `There is no profile "${options.profile}". List them with: npx firstword emulate --list`,
    );
  }
  const { host, port, seed, profile } = options;
  const emulator = await startEmulator({ host, port, seed, ...(profile === undefined ? {} : { profile }) });
  if (options.json) console.log(JSON.stringify({ url: emulator.url, port: emulator.port }));
  else {
    console.log(`Emulated LLM provider on ${emulator.url}`);
    console.log('Any key will do. Ctrl-C stops it.');
  }
  await untilStopped();
  const { requests } = emulator.stats();
  await emulator.close();
  if (!options.json) console.log(`Stopped after ${requests} requests.`);
}
