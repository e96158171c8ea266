import { AgentSession, LocalTTS, PacedAudioOutput, PushAudioInput } from '@firstword/livekit';
import { ScriptedSTT } from '@firstword/livekit/testing';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { type llm, stt, voice } from '@livekit/agents';
import type { Halves } from './halves.js';
import { FRAME_MS, Line } from './line.js';
import { sleep, TimedLlm, TimedTone } from './parts.js';
import type { CutOff } from './schedule.js';

const WORDS = ['I would like to book a table.', 'And we are four people, at eight.'] as const;
const WHOLE = WORDS.join(' ');
/** When the scripted STT has words after they begin, and the final after they end, ms: those of hosted STTs. */
const INTERIM_MS = 400;
const FINAL_MS = 250;
/** Silence after which LiveKit commits the turn, ms. */
const WAIT_MS = 300;
/** How long the call goes on after the whole turn was answered, ms: a second answer would be heard. */
const SETTLE_MS = 1_500;
const LIMIT_MS = 20_000;
const { SpeechEventType: Type } = stt;

/** What happened in one call. Times in ms. */
export interface CutOffResult extends CutOff {
  name: string;
  /** From the commit to the caller's next sound, as played. */
  resumedMs: number;
  /** From the caller's next sound to the last audible sample of the half's answer; absent if none was audible then. */
  stoppedMs?: number;
  /** The answer was audible at the caller's next sound. */
  wasHeard: boolean;
  /** Answers that began after the caller had gone on. */
  answers: number;
  /** The caller's turns in history, and the words of the LLM request that was answered. */
  turns: string[];
  asked: string;
  isRepaired: boolean;
  /** How late the caller's audio was as they went on, because the machine was busy. */
  lateMs: number;
  /** One answer, to the whole turn, which is one in history and for the LLM. */
  isOne: boolean;
}

/** Everything that the agent sent, as the caller hears it: a tape with one channel. */
class AgentTape {
  readonly chunks: { fromMs: number; toMs: number; answer: number }[] = [];

  play(samples: Int16Array, atMs: number, answer: number): void {
    this.chunks.push({ fromMs: atMs, toMs: atMs + samples.length / 24, answer });
  }

  clear(): void {
    const nowMs = systemClock.nowMs();
    for (const chunk of this.chunks) chunk.toMs = Math.min(chunk.toMs, Math.max(chunk.fromMs, nowMs));
  }

  audible() {
    return this.chunks.filter(({ fromMs, toMs }) => toMs > fromMs);
  }
}

class Caller extends voice.Agent {
  readonly commitsMs: number[] = [];
  onCommit = () => {};

  override async onUserTurnCompleted(_: llm.ChatContext, __: llm.ChatMessage): Promise<void> {
    this.commitsMs.push(systemClock.nowMs());
    this.onCommit();
  }
}

/** A session with its caller. */
function openCall(isRepairOn: boolean) {
  const parts = { stt: new ScriptedSTT(), model: new TimedLlm(), tone: new TimedTone() };
  const records: TurnRecord[] = [];
  const session = new AgentSession({
    stt: parts.stt,
    llm: parts.model,
    tts: new LocalTTS(parts.tone),
    turnHandling: { turnDetection: 'vad', endpointing: { minDelay: WAIT_MS, maxDelay: WAIT_MS } },
    firstword: {
      levers: isRepairOn ? {} : { repair: false, bargeIn: false },
      records: { onTurn: (record, final) => final && records.push(record) },
    },
  });
  const input = new PushAudioInput();
  const tape = new AgentTape();
  const output = new PacedAudioOutput({
    sink: { play: (...chunk) => tape.play(...chunk), clear: () => tape.clear() },
  });
  session.input.audio = input;
  session.output.audio = output;
  return { ...parts, records, session, input, tape, output, agent: new Caller({ instructions: 'Answer.' }) };
}

type Call = ReturnType<typeof openCall>;

/** Speaks a half; the STT sends its words meanwhile. @returns when its first sample was spoken, ms */
async function say(line: Line, scriptedStt: ScriptedSTT, clip: Int16Array, words: string): Promise<number> {
  let startedMs = 0;
  await line.speak(clip, (atMs) => {
    startedMs = atMs;
    void sleep(INTERIM_MS).then(() =>
      scriptedStt.hear(Type.INTERIM_TRANSCRIPT, words.split(' ').slice(0, 3).join(' ')),
    );
  });
  void sleep(FINAL_MS).then(() => scriptedStt.hear(Type.FINAL_TRANSCRIPT, words));
  return startedMs;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo() && waitedMs < LIMIT_MS; waitedMs += 10) await sleep(10);
}

/** What is on the tape from the moment when the caller went on. */
function measured(
  tape: AgentTape,
  onsetMs: number,
): Pick<CutOffResult, 'wasHeard' | 'stoppedMs' | 'answers'> {
  const audible = tape.audible();
  const half = audible.find(({ fromMs, toMs }) => fromMs <= onsetMs && toMs > onsetMs)?.answer;
  const last = audible.findLast(({ answer }) => answer === half);
  const after = new Set(audible.filter(({ fromMs }) => fromMs > onsetMs).map(({ answer }) => answer));
  if (half !== undefined) after.delete(half);
  return {
    wasHeard: half !== undefined,
    ...(half === undefined || !last ? {} : { stoppedMs: last.toMs - onsetMs }),
    answers: after.size,
  };
}

/** Plays the caller's part. @returns when the turn was committed and when the caller went on, ms */
async function playCaller(call: Call, line: Line, halves: Halves, cutOff: CutOff) {
  const { agent, model, tone, tape, stt: scriptedStt } = call;
  const committed = new Promise<void>((resolve) => {
    agent.onCommit = resolve;
  });
  const afterCommit = async (ms: number) => {
    if (ms === 0) return;
    await committed;
    await sleep(ms);
  };
  model.ready = () => afterCommit(cutOff.llmMs);
  tone.begins = () => afterCommit(cutOff.ttsMs);
  await say(line, scriptedStt, halves.first, WORDS[0]);
  await committed;
  const commitMs = agent.commitsMs[0]!;
  // The next frame begins up to 20 ms from now.
  await sleep(Math.max(0, commitMs + cutOff.gapMs - FRAME_MS / 2 - systemClock.nowMs()));
  const speaking = say(line, scriptedStt, halves.second, WORDS[1]);
  // Later answers are quick.
  void sleep(FRAME_MS).then(() => {
    model.ready = () => sleep(FRAME_MS);
    Object.assign(tone, { begins: model.ready, toneMs: 600 });
  });
  const onsetMs = await speaking;
  const wholeMs = systemClock.nowMs();
  await until(() => tape.audible().some(({ fromMs }) => fromMs > wholeMs));
  await sleep(SETTLE_MS);
  return { commitMs, onsetMs };
}

/** Plays one cut-off: the turn is committed in its pause, and the caller goes on `gapMs` later. */
export async function playCutOff(halves: Halves, cutOff: CutOff, isRepairOn: boolean): Promise<CutOffResult> {
  const call = openCall(isRepairOn);
  const { session, agent, input, tape, output, records, model } = call;
  await session.start({ agent });
  const line = new Line(input);
  await sleep(400);
  const { commitMs, onsetMs } = await playCaller(call, line, halves, cutOff);
  line.close();
  const turns = session.history.items.flatMap((item) =>
    item.type === 'message' && item.role === 'user' ? [item.textContent ?? ''] : [],
  );
  await session.close();
  output.close();
  const heard = measured(tape, onsetMs);
  const asked = model.asked.at(-1) ?? '';
  return {
    ...cutOff,
    ...heard,
    name: halves.name,
    resumedMs: onsetMs - commitMs,
    turns,
    asked,
    lateMs: line.lateMs,
    isRepaired: records.some(({ repaired }) => repaired?.part === 'whole'),
    isOne: heard.answers === 1 && turns.length === 1 && turns[0] === WHOLE && asked === WHOLE,
  };
}
