import {
  AgentSession,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  PushAudioInput,
  readOnly,
} from '@firstword/livekit';
import { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import { llm, stt, VADEventType, voice } from '@livekit/agents';
import { leveledTts, spokenAt } from './leveled-tts.js';
import { longestSilenceMs, type Sound, SoundTape } from './tape.js';
import { questionOf, ToolModel, type ToolScript, wait } from './tool-model.js';

/** `firstword`: the drop-in with a filler. `livekit`: LiveKit's own session with its defaults. */
export type ToolArm = 'firstword' | 'livekit';

/** A tool of the bench, and how long it usually takes, ms. */
const TOOLS: Readonly<Record<string, number>> = {
  find_hours: 350,
  find_table: 650,
  find_order: 1_200,
  find_price: 2_500,
  find_route: 4_500,
};
const FILLERS = [
  'One moment, please.',
  'I am still looking, it takes a little longer.',
  'Thank you for waiting.',
  'It is almost there.',
];
/** Longest silence wanted, ms. */
const LIMIT_MS = 700;
/** A tool that takes less than this must not be talked over, ms. */
export const FAST_MS = 800;

const SPEECH_MS = 500;
const INTERIM_MS = 300;
const FINAL_MS = 180;
const VAD_SILENCE_MS = 250;
/** How long one turn may take, ms. */
const TURN_LIMIT_MS = 25_000;
/** How long a call goes on after an answer: a second one would be heard, ms. */
const SETTLE_MS = 300;
const { SpeechEventType: Type } = stt;

/** A turn of the schedule. */
interface PlannedTurn extends ToolScript {
  turn: number;
  toolMs: number;
  /** The tool throws. */
  throws: boolean;
  /** The caller asks the next question this long after the end of this one, without waiting for the answer, ms. */
  breaksInMs: number | undefined;
}

/** What happened in a turn. Times in ms. */
export interface ToolTurnResult {
  turn: number;
  tool: string;
  hasWords: boolean;
  toolMs: number;
  /** Longest time without a sound, until the answer; absent if the caller broke in, or none came. */
  longestMs?: number;
  /** Fillers that were said while the tool ran. */
  fillers: number;
  toolRuns: number;
  /** Speeches in which the answer's words were heard. */
  answers: number;
  /** The answer began after the one of a later question. */
  isStale: boolean;
  /** The caller did not wait for the answer. */
  isBrokenInto: boolean;
  /** Parts of the longest silence by the session's own record, ms; of Firstword's arm, in a call without faults. */
  parts?: Record<string, number>;
}

function plan(turns: number, random: Random, withFaults: boolean): PlannedTurn[] {
  const names = Object.keys(TOOLS);
  return Array.from({ length: turns }, (_, at) => {
    const tool = names[Math.floor(random.uniform() * names.length)]!;
    const toolMs = TOOLS[tool]! * (0.9 + 0.2 * random.uniform());
    const isBroken = withFaults && random.uniform() < 0.3;
    return {
      turn: at + 1,
      tool,
      toolMs,
      hasWords: random.uniform() < 0.5,
      firstContentMs: 200 + 250 * random.uniform(),
      failsAfterTool: withFaults && random.uniform() < 0.1,
      throws: withFaults && random.uniform() < 0.1,
      breaksInMs: isBroken ? 200 + random.uniform() * (toolMs + 2_500) : undefined,
    };
  });
}

/** One call of the bench. */
class ToolCall {
  readonly #arm: ToolArm;
  readonly #planned: readonly PlannedTurn[];
  readonly #vad = new ScriptedVAD();
  readonly #stt = new ScriptedSTT();
  readonly #tape = new SoundTape();
  readonly #output: PacedAudioOutput;
  readonly #session: voice.AgentSession;
  readonly #runs = new Map<number, { startedMs: number; endedMs: number }[]>();
  readonly #endsMs: number[] = [];
  readonly records: TurnRecord[] = [];

  constructor(arm: ToolArm, planned: readonly PlannedTurn[]) {
    this.#arm = arm;
    this.#planned = planned;
    this.#output = new PacedAudioOutput({
      sink: { play: (...chunk) => this.#tape.play(...chunk), clear: () => this.#tape.clear() },
    });
    this.#session = this.#open();
  }

  #open(): voice.AgentSession {
    const model = new ToolModel((turn) => this.#planned[turn - 1]!);
    const tts = new LocalTTS(leveledTts(FILLERS));
    const parts = { vad: this.#vad, stt: this.#stt, llm: new FirstwordLLM(model), tts };
    // The bench is about tools: both arms end turns alike.
    const turnHandling = { turnDetection: 'vad' as const, endpointing: { minDelay: 300, maxDelay: 300 } };
    const session =
      this.#arm === 'livekit'
        ? new voice.AgentSession({ ...parts, turnHandling, aecWarmupDuration: null })
        : new AgentSession({
            ...parts,
            turnHandling,
            aecWarmupDuration: null,
            firstword: {
              filler: { phrases: FILLERS, overMs: LIMIT_MS },
              records: { onTurn: (record, final) => final && this.records.push(record) },
            },
          });
    session.input.audio = new PushAudioInput();
    session.output.audio = this.#output;
    session.on(voice.AgentSessionEventTypes.Error, () => {});
    return session;
  }

  #agent(): voice.Agent {
    // They look something up, and change nothing: LiveKit has no such mark.
    const mark = this.#arm === 'firstword' ? readOnly : <Tool>(tool: Tool) => tool;
    const toolOf = () =>
      mark(
        llm.tool({
          description: 'Looks a number up.',
          parameters: { type: 'object', properties: { turn: { type: 'number' } } },
          execute: async (args: Record<string, unknown>, { abortSignal }) => {
            const planned = this.#planned[Number(args.turn) - 1]!;
            const run = { startedMs: systemClock.nowMs(), endedMs: Number.POSITIVE_INFINITY };
            const runs = [...(this.#runs.get(planned.turn) ?? []), run];
            this.#runs.set(planned.turn, runs);
            // A speculation that was discarded: the tool is run again for the turn itself.
            abortSignal.addEventListener('abort', () => runs.splice(runs.indexOf(run), 1), { once: true });
            await wait(planned.toolMs);
            run.endedMs = systemClock.nowMs();
            if (planned.throws) throw new llm.ToolError(`number ${planned.turn} is not there`);
            return `number ${planned.turn}`;
          },
        }),
      );
    const tools = Object.fromEntries(Object.keys(TOOLS).map((name) => [name, toolOf()]));
    return new voice.Agent({ instructions: 'You look numbers up.', tools });
  }

  /** @returns when the caller's last word ended */
  async #say(turn: number): Promise<number> {
    const words = questionOf(turn);
    this.#vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
    this.#vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 600, speechDuration: SPEECH_MS });
    await wait(INTERIM_MS);
    this.#stt.hear(Type.INTERIM_TRANSCRIPT, words);
    await wait(SPEECH_MS - INTERIM_MS);
    const endedMs = systemClock.nowMs();
    void wait(FINAL_MS).then(() => this.#stt.hear(Type.FINAL_TRANSCRIPT, words));
    await wait(VAD_SILENCE_MS);
    this.#vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: VAD_SILENCE_MS, speaking: false });
    return endedMs;
  }

  /** The sounds of the answer to a question, one a speech. */
  #answerSounds(turn: number, sounds: readonly Sound[]): Sound[] {
    const found = new Map<number, Sound>();
    for (const sound of sounds)
      if (spokenAt(sound.level) === turn && !found.has(sound.answer)) found.set(sound.answer, sound);
    return [...found.values()];
  }

  async #untilAnswered(turn: number, endedMs: number): Promise<void> {
    const limitMs = endedMs + TURN_LIMIT_MS;
    const isOver = () =>
      this.#answerSounds(turn, this.#tape.sounds()).length > 0 &&
      this.#session.agentState === 'listening' &&
      (this.#runs.get(turn) ?? []).every(({ endedMs: toMs }) => toMs < systemClock.nowMs());
    while (!isOver() && systemClock.nowMs() < limitMs) await wait(20);
    await wait(SETTLE_MS);
  }

  async play(): Promise<ToolTurnResult[]> {
    await this.#session.start({ agent: this.#agent() });
    await wait(400);
    for (const { turn, breaksInMs } of this.#planned) {
      const endedMs = await this.#say(turn);
      this.#endsMs.push(endedMs);
      const isLast = turn === this.#planned.length;
      if (breaksInMs !== undefined && !isLast)
        await wait(Math.max(0, endedMs + breaksInMs - systemClock.nowMs()));
      else await this.#untilAnswered(turn, endedMs);
    }
    await wait(1_500);
    const results = this.#results();
    await this.#session.close();
    this.#output.close();
    return results;
  }

  #results(): ToolTurnResult[] {
    const sounds = this.#tape.sounds();
    const beganMs = this.#planned.map(({ turn }) => this.#answerSounds(turn, sounds)[0]?.fromMs);
    return this.#planned.map((planned, at): ToolTurnResult => {
      const { turn, tool, hasWords, toolMs, breaksInMs } = planned;
      const answers = this.#answerSounds(turn, sounds);
      const runs = this.#runs.get(turn) ?? [];
      const endedMs = this.#endsMs[at]!;
      const begunMs = beganMs[at];
      const isBrokenInto = breaksInMs !== undefined && at < this.#planned.length - 1;
      const isStale =
        begunMs !== undefined &&
        beganMs.slice(at + 1).some((later) => later !== undefined && later < begunMs);
      return {
        turn,
        tool,
        hasWords,
        toolMs,
        fillers: this.#fillersOver(runs, sounds),
        toolRuns: runs.length,
        answers: answers.length,
        isStale,
        isBrokenInto,
        ...(begunMs === undefined || isBrokenInto
          ? {}
          : { longestMs: longestSilenceMs(sounds, endedMs, begunMs) }),
        ...this.#parts(turn),
      };
    });
  }

  #parts(turn: number): Pick<ToolTurnResult, 'parts'> {
    const segments = this.records.find((record) => record.turn === turn)?.toolSilence?.segments;
    const isWhole = this.#planned.every(({ breaksInMs }) => breaksInMs === undefined);
    if (!segments || !isWhole) return {};
    const parts: Record<string, number> = {};
    for (const { name, durationMs } of segments) parts[name] = (parts[name] ?? 0) + Math.round(durationMs);
    return { parts };
  }

  #fillersOver(runs: readonly { startedMs: number; endedMs: number }[], sounds: readonly Sound[]): number {
    return sounds.filter(
      ({ fromMs, level }) =>
        spokenAt(level) === 'filler' &&
        runs.some(({ startedMs, endedMs }) => fromMs >= startedMs && fromMs <= endedMs),
    ).length;
  }
}

/** Plays one call of several questions, each with a tool, through a session of one arm. */
export async function playToolCall(options: {
  arm: ToolArm;
  turns: number;
  seed: number;
  withFaults: boolean;
}): Promise<ToolTurnResult[]> {
  const { arm, turns, seed, withFaults } = options;
  return new ToolCall(arm, plan(turns, seededRandom(seed, 'tools'), withFaults)).play();
}
