import {
  AgentSession,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  type PhraseCache,
  PushAudioInput,
} from '@firstword/livekit';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, text } from '@firstword/livekit/testing';
import { type CallRecord, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { emulatedTts } from '../load/emulated-tts.js';
import { SoundTape } from './tape.js';
import { wait } from './tool-model.js';

/**
 * `firstword`: the drop-in with a fixed greeting from the cache. `livekit say`: LiveKit's session, which says the same text.
 * `livekit generate`: LiveKit's session, whose LLM writes the greeting, as LiveKit's starter does.
 */
export type HelloArm = 'firstword' | 'livekit say' | 'livekit generate';

const GREETING = 'Hello, this is the restaurant. How can I help you?';
const LIMIT_MS = 10_000;

/** One call: from `session.start()` to the first audible sample. */
export interface HelloResult {
  helloMs: number;
  /** The same by the session's own record; of Firstword's arm only. */
  recordMs?: number;
}

/** Opens a session, and waits for its first sound. */
export async function playHello(options: {
  arm: HelloArm;
  /** Of the LLM's first content, ms. */
  firstContentMs: number;
  cache: PhraseCache;
}): Promise<HelloResult> {
  const { arm, firstContentMs, cache } = options;
  const tape = new SoundTape();
  const output = new PacedAudioOutput({
    sink: { play: (...chunk) => tape.play(...chunk), clear: () => tape.clear() },
  });
  const parts = {
    vad: new ScriptedVAD(),
    stt: new ScriptedSTT(),
    llm: new FirstwordLLM(new ScriptedModel([wait(firstContentMs), text(GREETING)])),
    tts: new LocalTTS(emulatedTts({ clock: systemClock })),
  };
  let record: CallRecord | undefined;
  const session =
    arm === 'firstword'
      ? new AgentSession({
          ...parts,
          firstword: {
            greeting: GREETING,
            phrases: { cache, texts: [], voice: 'tone' },
            records: {
              onCall: (call) => {
                record = call;
              },
            },
          },
        })
      : new voice.AgentSession(parts);
  session.input.audio = new PushAudioInput();
  session.output.audio = output;
  const startedMs = systemClock.nowMs();
  await session.start({ agent: new voice.Agent({ instructions: 'You answer the phone.' }) });
  if (arm === 'livekit say') session.say(GREETING);
  if (arm === 'livekit generate') session.generateReply({ instructions: 'Greet the caller.' });
  while (tape.sounds().length === 0 && systemClock.nowMs() < startedMs + LIMIT_MS) await wait(5);
  const helloMs = (tape.sounds()[0]?.fromMs ?? Number.POSITIVE_INFINITY) - startedMs;
  await session.close();
  output.close();
  return { helloMs, ...(record?.helloMs === undefined ? {} : { recordMs: record.helloMs }) };
}
