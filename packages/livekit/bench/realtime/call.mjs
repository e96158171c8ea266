/** One call at real pace: a caller who speaks and waits, LiveKit's plugin, the emulator, and a tape of both sides. */
import { startRealtimeEmulator, transcriptRecognizer } from '@firstword/emulator/realtime';
import { PacedAudioOutput, PushAudioInput, SessionObserver } from '@firstword/livekit';
import { voice } from '@livekit/agents';
import { CREATED_MS, RTT_MS, WIRES } from './wires.mjs';

const RATE_HZ = 24_000;
const FRAME = RATE_HZ / 50;
export const SPEECH_MS = 1000;
/** Quieter samples are silence on the tape. */
const AUDIBLE = 104;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Both sides of a call on one clock: when the caller ended each turn, and when sound of the agent began. */
class Tape {
  callerEndsMs = [];
  /** Beginnings of the agent's sound after silence. */
  agentStartsMs = [];
  #playedUntilMs = Number.NEGATIVE_INFINITY;
  #agentSoundMs = Number.NEGATIVE_INFINITY;
  #callerSpeaks = false;

  caller(samples, startMs) {
    const isSpeech = samples.some((sample) => Math.abs(sample) >= AUDIBLE);
    if (this.#callerSpeaks && !isSpeech) this.callerEndsMs.push(startMs);
    this.#callerSpeaks = isSpeech;
  }

  /** A loudspeaker plays what it gets when it is due, and not before the end of what it plays. */
  agent(samples, playAtMs) {
    const startMs = Math.max(playAtMs, this.#playedUntilMs);
    this.#playedUntilMs = startMs + (samples.length * 1000) / RATE_HZ;
    const first = samples.findIndex((sample) => Math.abs(sample) >= AUDIBLE);
    if (first < 0) return;
    const soundMs = startMs + (first * 1000) / RATE_HZ;
    if (soundMs > this.#agentSoundMs + 500) this.agentStartsMs.push(soundMs);
    this.#agentSoundMs = this.#playedUntilMs;
  }

  /** Each turn of the caller with the first sound after it. */
  turns() {
    return this.callerEndsMs.map((callerEndMs, index) => {
      const untilMs = this.callerEndsMs[index + 1] ?? Number.POSITIVE_INFINITY;
      const agentStartMs = this.agentStartsMs.find((ms) => ms > callerEndMs && ms < untilMs);
      return { callerEndMs, agentStartMs };
    });
  }
}

/** A caller who speaks, waits for the answer, and speaks again. */
function startCaller(input, tape, isOver) {
  const startMs = performance.now();
  let frame = 0;
  let speechLeft = 0;
  const push = () => {
    while (startMs + (frame + 1) * 20 <= performance.now()) {
      const samples = new Int16Array(FRAME);
      if (speechLeft > 0) {
        speechLeft -= 1;
        for (let i = 0; i < FRAME; i += 1) samples[i] = Math.round(8000 * Math.sin((frame * FRAME + i) / 12));
      }
      input.push(samples, startMs + frame * 20);
      tape.caller(samples, startMs + frame * 20);
      frame += 1;
    }
    if (!isOver()) setTimeout(push, 4);
  };
  push();
  return () => {
    speechLeft = SPEECH_MS / 20;
  };
}

/** Each by its time: a response too many, or one that is missing, changes no other turn. */
function ofRecord(record, { truths, taped }) {
  const offMs = ({ callerEndMs }) => Math.abs(callerEndMs - (record.marks.speechEnded ?? Number.NaN));
  const tape = taped.filter((one) => offMs(one) < SPEECH_MS).sort((a, b) => offMs(a) - offMs(b))[0];
  const untilMs = tape && (taped[taped.indexOf(tape) + 1]?.callerEndMs ?? Number.POSITIVE_INFINITY);
  const truth =
    tape &&
    truths.find(({ firstContentMs }) => firstContentMs > tape.callerEndMs && firstContentMs < untilMs);
  return { record, truth, tape };
}

/** Records of the turns, each with what the emulator did and what is on the tape. */
export async function runCall(index, { wire, turns }) {
  const { model, leadingSilenceMs } = WIRES[wire];
  const emulator = await startRealtimeEmulator({
    seed: index + 1,
    rttMs: RTT_MS,
    answers: () => 'Yes, we are.',
    recognizer: transcriptRecognizer([{ text: 'Are you open today?', ms: SPEECH_MS }], { repeats: true }),
    profile: {
      name: 'injected',
      model: 'injected',
      generation: { p50Ms: 350, p95Ms: 700, maxMs: 1500 },
      source: 'made up',
      createdMs: CREATED_MS,
      leadingSilenceMs,
      audioSpeed: 4,
      transcriptMs: 200,
      synthetic: true,
    },
  });
  const session = new voice.AgentSession({
    llm: model(emulator.urls, 300 + 100 * (index % 5)),
    vad: null,
    aecWarmupDuration: null,
    turnHandling: { turnDetection: 'realtime_llm' },
  });
  const input = new PushAudioInput({ rateHz: RATE_HZ });
  const tape = new Tape();
  session.input.audio = input;
  session.output.audio = new PacedAudioOutput({
    sink: { play: (samples, playAtMs) => tape.agent(samples, playAtMs), clear: () => {} },
  });
  const records = [];
  let next = () => {};
  const observer = new SessionObserver({
    session,
    callId: `call-${index}`,
    callStartMs: 0,
    onTurn: (record, final) => {
      if (!final) return;
      records.push(record);
      setTimeout(() => next(), 300);
    },
  });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  let isOver = false;
  const speak = startCaller(input, tape, () => isOver);
  // Google's plugin connects again when the agent's instructions are set.
  await wait(1500 + 150 * index);
  while (records.length < turns) {
    const answered = new Promise((resolve) => {
      next = resolve;
    });
    speak();
    await answered;
  }
  isOver = true;
  observer.close();
  await session.close();
  const truths = emulator.responses();
  const taped = tape.turns();
  await emulator.close();
  return records.map((record) => ofRecord(record, { truths, taped }));
}
