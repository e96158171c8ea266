import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Arm, type Clip, playComparison, ScriptRecognizer, type SpokenCall } from '@firstword/calls';
import { type SpeechEmulator, startSpeechEmulator } from '@firstword/emulator/speech';
import { openHostedStt, openHostedTts } from '@firstword/livekit';
import { openAiCompatible } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { LINE_FAULTS } from './faults.js';
import { type LineRow, rowOf } from './verdict.js';

/** One line that was said, with the fault it met. */
export interface JudgedLine {
  call: string;
  line: number;
  fault: string;
  row: LineRow;
  /** What the STT and the TTS reported from the beginning of the line to that of the next. */
  errors: readonly string[];
}

/** A line that is being said. */
interface BegunLine {
  fault: string;
  errors: string[];
}

const INSTRUCTIONS = 'You are a receptionist.';
const APOLOGY = 'I am sorry, could you say that again?';

/** An endless order of faults in which each comes equally often. */
function faultOrder(names: readonly string[], seed: number): () => string {
  const random = seededRandom(seed, 'line faults');
  let left: string[] = [];
  return () => {
    if (left.length === 0) left = [...names];
    return left.splice(Math.floor(random.uniform() * left.length), 1)[0]!;
  };
}

/** The lines of the call in hand, each with the fault that it met. */
class FaultyLines {
  readonly #nextFault: () => string;
  readonly #script: ScriptRecognizer;
  readonly #emulator: SpeechEmulator;
  #begun = new Map<Clip, BegunLine>();
  #current: BegunLine | undefined;

  constructor(options: { nextFault: () => string; script: ScriptRecognizer; emulator: SpeechEmulator }) {
    this.#nextFault = options.nextFault;
    this.#script = options.script;
    this.#emulator = options.emulator;
  }

  beginCall(): void {
    this.#begun = new Map();
    this.#current = undefined;
    this.#script.beginCall();
    this.#emulator.setSpeechFaults({ rules: [] });
  }

  beginLine(clip: Clip, startMs: number): void {
    this.#script.beginLine(clip.words ?? [], startMs);
    // A line that is said again, because no answer came, has no second fault.
    const isFirst = !this.#begun.has(clip);
    this.#current = this.#begun.get(clip) ?? { fault: this.#nextFault(), errors: [] };
    this.#begun.set(clip, this.#current);
    this.#emulator.setSpeechFaults({ rules: isFirst ? LINE_FAULTS[this.#current.fault]! : [] });
  }

  noteError(error: Error): void {
    this.#current?.errors.push(error.message);
  }

  lineOf(clip: Clip): BegunLine {
    return this.#begun.get(clip) ?? { fault: 'none', errors: [] };
  }
}

/**
 * Plays calls to one agent, one after another, with one fault in each line, on an emulator of their own.
 * @param options.pair an STT and a TTS with a `+` between
 */
export async function playFaultyCalls(options: {
  pair: string;
  arm: Arm;
  /** Names of the faults, of `LINE_FAULTS`. */
  faults: readonly string[];
  calls: readonly SpokenCall[];
  seed: number;
  signal: AbortSignal;
  onLine: (line: JudgedLine) => void;
}): Promise<void> {
  const { pair, arm, calls, seed, signal } = options;
  const [stt = '', tts = ''] = pair.split('+');
  const script = new ScriptRecognizer(systemClock);
  const llm = { profile: 'groq-gpt-oss-120b' };
  const emulator = await startSpeechEmulator({ recognizer: script, seed, signal, llm });
  const services = { origin: emulator.origin, inferenceUrl: emulator.url, apiKey: 'emulated' };
  const model = openAiCompatible({
    provider: 'groq',
    baseUrl: emulator.url,
    model: 'gpt-oss-120b',
    apiKey: 'emulated',
  });
  const parts = {
    stt: await openHostedStt(stt, services),
    tts: await openHostedTts(tts, services),
    llm: model,
  };
  const lines = new FaultyLines({ nextFault: faultOrder(options.faults, seed), script, emulator });
  for (const part of [parts.stt, parts.tts]) part.on('error', ({ error }) => lines.noteError(error));
  const dir = mkdtempSync(join(tmpdir(), 'firstword-speech-faults-'));
  try {
    await playComparison({
      arms: [arm],
      calls,
      rounds: 1,
      seed,
      agentOf: () => ({ ...parts, instructions: INSTRUCTIONS, apology: APOLOGY }),
      dir,
      runId: `s${seed}`,
      onCall: () => lines.beginCall(),
      onCallerLine: (clip, startMs) => lines.beginLine(clip, startMs),
      onOutcome: ({ call, lines: outcomes }) => {
        const { clips } = calls.find(({ id }) => id === call)!;
        for (const outcome of outcomes) {
          const { fault, errors } = lines.lineOf(clips[outcome.line - 1]!);
          const row = rowOf(outcome, errors.length);
          options.onLine({ call, line: outcome.line, fault, row, errors });
        }
      },
      signal,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
    await model.close();
    await emulator.close();
  }
}
