import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  recordedSttProfile,
  recordedTtsProfile,
  SPEECH_PROFILE_SCHEMA,
  type SpeechProfileFile,
} from '@firstword/emulator/speech';
import { checkSpeechKeys, parseSpeechTarget } from '@firstword/provider-bench';
import { FirstwordError, type SpeechMeasurement } from '@firstword/turn';
import { roundMs } from '@firstword/turn/display';
import { stopSignal } from '../../stop-signal.js';
import { StatusLine } from '../../terminal/status-line.js';
import { benchLine, openSpeech } from '../bench/speech.js';
import type { CommandContext } from '../command.js';
import type { RecordSpeechOptions } from './options.js';

const FOLDER = join('firstword-out', 'speech-profiles');
/** Longest wait for a final transcript or an audible sample, ms. */
const TIMEOUT_MS = 15_000;

const defaultOutPath = () =>
  join(FOLDER, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.json`);

/** Measures so many turns, one after the other. Stopped by the signal, it returns those so far. */
async function measurements(options: RecordSpeechOptions, signal: AbortSignal): Promise<SpeechMeasurement[]> {
  const target = parseSpeechTarget(options.target);
  checkSpeechKeys([target]);
  const status = new StatusLine();
  const line = await benchLine({ text: options.line, audioFile: options.audio, signal });
  const plan = { targets: [target.text], seed: 1, timeoutMs: TIMEOUT_MS };
  const { openProbe, close } = await openSpeech(plan, line);
  const found: SpeechMeasurement[] = [];
  try {
    const probe = await openProbe({ ...target, target: target.text });
    try {
      await probe.ready({ signal });
      // The first one loads code and fills the service's caches; a failure is found again below.
      await probe.measure({ signal });
      while (found.length < options.turns && !signal.aborted) {
        found.push(await probe.measure({ signal }));
        status.live(`[${found.length}/${options.turns}]`);
        throwIfRefused(found);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await probe.close();
    }
  } finally {
    status.clear();
    close();
  }
  return found;
}

/** An engine that fails three times at the beginning will not answer. */
function throwIfRefused(found: readonly SpeechMeasurement[]): void {
  const error = found.at(-1)?.error;
  if (
    error &&
    found.length <= 3 &&
    found.every((one) => one.error) &&
    (!error.retryable || found.length === 3)
  ) {
    throw error;
  }
}

function fileOf(
  target: string,
  found: readonly SpeechMeasurement[],
  version: string,
): SpeechProfileFile | undefined {
  const { kind, model } = parseSpeechTarget(target);
  const common = {
    schema: SPEECH_PROFILE_SCHEMA,
    target,
    recordedAt: new Date().toISOString(),
    version,
    turns: found.map(({ events }) => ({ events: [...events] })),
  } as const;
  if (kind === 'stt') {
    const profile = recordedSttProfile(
      found.filter((one) => one.kind === 'stt'),
      { name: target, model },
    );
    return profile && ({ kind, profile, ...common } as SpeechProfileFile);
  }
  const profile = recordedTtsProfile(
    found.filter((one) => one.kind === 'tts'),
    target,
  );
  return profile && ({ kind: 'tts', profile, ...common } as SpeechProfileFile);
}

/** Replaces the file as a whole; only its owner can read it. */
async function save(path: string, file: SpeechProfileFile): Promise<void> {
  const next = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(next, `${JSON.stringify(file)}\n`, { mode: 0o600 });
    await rename(next, path);
  } catch (cause) {
    await rm(next, { force: true }).catch(() => {});
    const message = `the profile cannot be written to ${path}: choose another file with --out`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

function summary({ kind, profile, turns }: SpeechProfileFile): string {
  const { p50Ms, p95Ms } = kind === 'stt' ? profile.final : profile.firstAudio;
  const what = kind === 'stt' ? 'final transcript' : 'first audio';
  return `${what}: p50 ${roundMs(p50Ms)} ms, p95 ${roundMs(p95Ms)} ms, ${turns.length} turns\n`;
}

/** `firstword record-speech`. */
export async function recordSpeech(options: RecordSpeechOptions, { version }: CommandContext): Promise<void> {
  const signal = stopSignal();
  const found = await measurements(options, signal);
  const file = fileOf(options.target, found, version);
  if (!file) {
    if (signal.aborted) return;
    throw found.at(-1)?.error ?? new FirstwordError('internal', 'nothing was recorded');
  }
  const path = resolve(options.out ?? defaultOutPath());
  await save(path, file);
  process.stdout.write(options.json ? `${JSON.stringify(file.profile)}\n` : summary(file));
  process.stderr.write(`Profile: ${path}\n`);
}
