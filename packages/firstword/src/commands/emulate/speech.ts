import type { EmulatorOptions } from '@firstword/emulator';
import {
  type SpeechEmulator,
  type SpeechEmulatorOptions,
  STT_PROFILES,
  startSpeechEmulator,
  TTS_PROFILES,
} from '@firstword/emulator/speech';
import { stopSignal, untilStopped } from '../../stop-signal.js';
import type { EmulateOptions } from './options.js';
import { speechFaults } from './speech-faults.js';
import { openSpeechParts } from './speech-parts.js';
import { speechServiceNames, speechServiceSetups } from './speech-services.js';

/** Prints the profiles of the speech services. */
export function listSpeech(json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify({ stt: STT_PROFILES, tts: TTS_PROFILES }, null, 2));
    return;
  }
  console.log('STT: from the last sample of speech to the final transcript, published, in ms:\n');
  for (const { name, final, source, assumed } of STT_PROFILES) {
    console.log(`${name.padEnd(32)} p50 ${final.p50Ms}  p95 ${final.p95Ms}`);
    console.log(`${' '.repeat(33)}${source}\n${' '.repeat(33)}assumed: ${assumed}`);
  }
  console.log('\nTTS: from the first text to the first audio, published, in ms:\n');
  for (const { name, firstAudio, source, assumed } of TTS_PROFILES) {
    console.log(`${name.padEnd(32)} p50 ${firstAudio.p50Ms}  p95 ${firstAudio.p95Ms}`);
    console.log(`${' '.repeat(33)}${source}\n${' '.repeat(33)}assumed: ${assumed}`);
  }
}

function speechOptions(options: EmulateOptions): SpeechEmulatorOptions {
  const { seed, sttProfile, ttsProfile } = options;
  const plan =
    options.speechFaults === undefined ? { rules: [] } : speechFaults.readPlan(options.speechFaults);
  return {
    seed,
    speechFaults: { ...plan, rules: [...options.speechFault.map(speechFaults.parse), ...plan.rules] },
    ...(sttProfile === undefined ? {} : { sttProfile }),
    ...(ttsProfile === undefined ? {} : { ttsProfile }),
  };
}

function print(
  { url, origin, port, caPem }: SpeechEmulator,
  options: { names: readonly string[]; description: string; json: boolean | undefined },
): void {
  const services = speechServiceSetups(options.names, origin);
  if (options.json) {
    console.log(JSON.stringify({ url, port, services, ...(caPem === undefined ? {} : { caPem }) }));
    return;
  }
  console.log(`Emulated speech services and LLM on ${origin}. ${options.description}`);
  for (const { name, environment, code } of services) {
    console.log(`\n${name}`);
    for (const [variable, value] of Object.entries(environment)) console.log(`  export ${variable}=${value}`);
    for (const line of code) console.log(`  ${line}`);
  }
  if (caPem) console.log(`\nTrust this certificate:\n${caPem}`);
  console.log('\nPress Ctrl-C to stop.');
}

/** `firstword emulate --speech`: serves the LLM and the speech services until it is stopped. */
export async function emulateSpeech(options: EmulateOptions, llm: EmulatorOptions): Promise<void> {
  const names = speechServiceNames(options.speech!);
  const settings = speechOptions(options);
  const parts = await openSpeechParts({ transcript: options.transcript, signal: stopSignal() });
  try {
    const emulator = await startSpeechEmulator({ ...settings, ...parts, llm });
    print(emulator, { names, description: parts.description, json: options.json });
    await untilStopped();
    await emulator.close();
  } finally {
    await parts.close();
  }
}
