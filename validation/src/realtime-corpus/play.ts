import {
  type RealtimeAnswers,
  type RealtimeEmulatorOptions,
  startRealtimeEmulator,
  transcriptRecognizer,
} from '@firstword/emulator/realtime';
import { attachRescue, PacedAudioOutput, PushAudioInput, SessionObserver } from '@firstword/livekit';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { seedOf } from '../doctor-corpus/cases.js';
import { type PlayableCorpus, playCalls } from '../doctor-corpus/play.js';
import { setUpOf } from '../doctor-corpus/set-up.js';
import { sleep } from '../sessions/caller.js';
import { RATE_HZ, ToneCaller } from './caller.js';
import type { RealtimeCase } from './cases.js';
import { REALTIME_CORPUS } from './realtime-corpus.js';
import type { RealtimeSetUp } from './set-up.js';

const SPEECH_MS = 700;
/** Longest wait for the record of a turn, ms: a rescue, or the longest wait of semantic turn detection, and an answer. */
const TURN_TIMEOUT_MS = 16_000;
const PAUSE_MS = 250;
/** From the end of the session to that of the emulator: frames that are still under way. */
const CLOSE_MS = 50;

const EMULATOR = /127\.0\.0\.1:\d+/g;

const COMPLETE = ['What are your opening hours?', 'Do you have a table outside?', 'Can I park my car?'];
const INCOMPLETE = ['I would like a table for', 'We want to come with', 'Please put it under the'];

/** The caller's words, turn by turn. */
const wordsOf = ({ turnsPerCall, incompleteEvery }: RealtimeSetUp): string[] =>
  Array.from({ length: turnsPerCall }, (_, at) => {
    const isIncomplete = incompleteEvery !== undefined && at % incompleteEvery === incompleteEvery - 1;
    const lines = isIncomplete ? INCOMPLETE : COMPLETE;
    return lines[at % lines.length]!;
  });

/** Calls the tool in every so many turns of the caller, and answers all others. */
function answersOf({ tool }: RealtimeSetUp): RealtimeAnswers {
  return ({ messages, response }) => {
    const users = messages.filter(({ role }) => role === 'user').length;
    const isDue = tool !== undefined && users % tool.every === 0 && messages.at(-1)?.role !== 'tool';
    if (!isDue) return 'Yes, we are.';
    return { text: '', toolCalls: [{ id: `call_${response}`, name: 'look_up', arguments: '{}' }] };
  };
}

function toolsOf({ tool }: RealtimeSetUp) {
  if (!tool) return {};
  const lookUp = llm.tool({
    description: 'Looks something up.',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      await sleep(tool.tookMs);
      return 'It is free.';
    },
  });
  return { tools: { look_up: lookUp } };
}

function emulatorOf(setUp: RealtimeSetUp, seed: number): RealtimeEmulatorOptions {
  return {
    seed,
    rttMs: setUp.rttMs,
    answers: answersOf(setUp),
    recognizer: transcriptRecognizer(wordsOf(setUp).map((text) => ({ text, ms: SPEECH_MS - 100 }))),
    ...(setUp.faults ? { faults: setUp.faults } : {}),
    profile: {
      name: 'made-for-the-corpus',
      model: 'gpt-realtime',
      generation: setUp.firstAudio,
      source: 'made for the corpus',
      createdMs: setUp.createdMs,
      leadingSilenceMs: setUp.leadingSilenceMs,
      audioSpeed: 4,
      transcriptMs: 200,
      synthetic: true,
    },
  };
}

/** Plays one call in real time through LiveKit's plugin, against the emulator. */
async function playCall(setUp: RealtimeSetUp, callId: string, seed: number): Promise<TurnRecord[]> {
  const emulator = await startRealtimeEmulator(emulatorOf(setUp, seed));
  const session = new voice.AgentSession({
    llm: new openai.realtime.RealtimeModel({
      apiKey: 'any',
      baseURL: emulator.url,
      turnDetection: setUp.turnDetection,
    }),
    vad: null,
    aecWarmupDuration: null,
    turnHandling: { turnDetection: 'realtime_llm' },
  });
  const input = new PushAudioInput({ rateHz: RATE_HZ });
  const output = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  session.input.audio = input;
  session.output.audio = output;
  const records: TurnRecord[] = [];
  const observer = new SessionObserver({
    session,
    callId,
    onTurn: (record, final) => final && records.push(record),
  });
  const detach =
    setUp.rescueAfterMs === undefined ? () => {} : attachRescue(session, { afterMs: setUp.rescueAfterMs });
  session.on(voice.AgentSessionEventTypes.Error, () => {});
  await session.start({
    agent: new voice.Agent({ instructions: 'You answer the phone of a restaurant.', ...toolsOf(setUp) }),
  });
  const caller = new ToneCaller(input);
  await sleep(PAUSE_MS);
  for (let turn = 1; turn <= setUp.turnsPerCall; turn++) {
    caller.speak(SPEECH_MS);
    const untilMs = systemClock.nowMs() + TURN_TIMEOUT_MS;
    while (records.length < turn && systemClock.nowMs() < untilMs) await sleep(20);
    await sleep(PAUSE_MS);
  }
  caller.close();
  detach();
  observer.close();
  await session.close();
  output.close();
  await sleep(CLOSE_MS);
  await emulator.close();
  return records;
}

async function play(one: RealtimeCase): Promise<string[]> {
  const { setUp } = one;
  const seed = seedOf(one);
  const lines: string[] = [];
  for (let call = 1; call <= setUp.calls; call++) {
    const records = await playCall(setUp, `call-${call}`, seed + call);
    // The emulator is at a port of this machine; the records are to name the provider whose API it has.
    lines.push(...records.map((record) => JSON.stringify(record).replace(EMULATOR, 'api.openai.com')));
  }
  if (setUp.cascade) lines.push(...(await playCalls(setUpOf(setUp.cascade), seed, 'cascade')));
  return lines;
}

/** Calls of realtime models. */
export const REALTIME_CALLS: PlayableCorpus<RealtimeCase> = {
  corpus: REALTIME_CORPUS,
  play,
  isAlone: () => false,
};
