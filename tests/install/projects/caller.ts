/**
 * A caller for one call, without a room: plays a recording to the session, listens to the answer, reads the turn record
 * and prints all of it as one line of JSON. A file of the foreign projects: the suite copies it into each.
 */
import { readFileSync } from 'node:fs';
import { PacedAudioOutput, PushAudioInput, SessionObserver } from '@firstword/livekit';
import { initializeLogger, type voice } from '@livekit/agents';
import { wordsIn } from './scripted-parts.js';

initializeLogger({ pretty: false, level: 'info' });

const RATE_HZ = 16_000;
const CHUNK_MS = 20;
const QUIET_MS = 600;
const ANSWERED_WITHIN_MS = 15_000;

type Record = Parameters<ConstructorParameters<typeof SessionObserver>[0]['onTurn']>[0];

/** What the caller found out. */
export interface CallResult {
  /** The words of the answer, read from its audio. */
  heard: string;
  records: Record[];
  /** Version of Node. */
  node: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Mono 16-bit PCM at 16 kHz, as in the file. */
function recording(path: string): Int16Array {
  const bytes = readFileSync(path);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The caller of one session. Create it before `session.start()`. */
export class Caller {
  readonly #input = new PushAudioInput();
  readonly #heard: number[] = [];
  readonly #records: Record[] = [];
  readonly #answered: Promise<void>;

  constructor(session: voice.AgentSession) {
    let answered = () => {};
    this.#answered = new Promise((resolve) => {
      answered = resolve;
    });
    session.input.audio = this.#input;
    session.output.audio = new PacedAudioOutput({
      sink: { play: (samples) => this.#heard.push(...samples), clear: () => {} },
    });
    const observer = new SessionObserver({
      session,
      callId: 'install',
      onTurn: (record, final) => {
        if (!final) return;
        this.#records.push(record);
        answered();
      },
    });
    void this.#answered.then(() => observer.close());
  }

  /** Plays the recording between two silences, then waits for the answer. */
  async call(path: string): Promise<CallResult> {
    const quiet = new Int16Array((RATE_HZ * QUIET_MS) / 1000);
    const speech = recording(path);
    const samples = new Int16Array(quiet.length + speech.length);
    samples.set(speech, quiet.length);
    let isOver = false;
    const play = async () => {
      const startMs = performance.now();
      const chunkSamples = (RATE_HZ * CHUNK_MS) / 1000;
      for (let at = 0; !isOver; at += chunkSamples) {
        const chunk = new Int16Array(chunkSamples);
        chunk.set(samples.subarray(at, at + chunkSamples));
        const capturedAtMs = startMs + (at / RATE_HZ) * 1000;
        this.#input.push(chunk, capturedAtMs);
        await pause(capturedAtMs + CHUNK_MS - performance.now());
      }
    };
    const playing = play();
    await Promise.race([this.#answered, pause(ANSWERED_WITHIN_MS)]);
    isOver = true;
    await playing;
    return { heard: wordsIn(this.#heard), records: this.#records, node: process.version };
  }
}

/** Prints the result for the suite and ends the process, as LiveKit's job process does. */
export async function report(session: voice.AgentSession, result: unknown): Promise<never> {
  await session.close();
  await new Promise((resolve) => process.stdout.write(`\nRESULT ${JSON.stringify(result)}\n`, resolve));
  process.exit(0);
}
