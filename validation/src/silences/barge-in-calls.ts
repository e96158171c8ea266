import { AgentSession, FirstwordLLM, LocalTTS } from '@firstword/livekit';
import { ScriptedSTT } from '@firstword/livekit/testing';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import { stt, voice } from '@livekit/agents';
import { FRAME_MS, Line } from '../cut-offs/line.js';
import { emulatedTts } from '../load/emulated-tts.js';
import type { CallerSound, SoundKind } from './caller-sounds.js';
import { type CallLink, directLink, roomLink } from './link.js';
import { StoryModel, type StoryRequest } from './story-model.js';
import { type Sound, SoundTape } from './tape.js';
import { wait } from './tool-model.js';

/** One way to stop the agent. */
export interface BargeInArm {
  name: string;
  /** Firstword's drop-in; else LiveKit's session. */
  isFirstword: boolean;
  /** `interruption.minDuration`, ms; absent for LiveKit's default, 500. */
  minDurationMs?: number;
}

/** The arms of the comparison, and of its curve: LiveKit's session with shorter and longer `minDuration`. */
export const BARGE_IN_ARMS: readonly BargeInArm[] = [
  { name: 'livekit', isFirstword: false },
  { name: 'firstword', isFirstword: true },
  ...[100, 200, 300, 700].map((minDurationMs) => ({
    name: `livekit, minDuration ${minDurationMs}`,
    isFirstword: false,
    minDurationMs,
  })),
];

/** How often each kind of sound is made. */
const SHARES: Readonly<Record<SoundKind, number>> = {
  interruption: 0.4,
  'one word': 0.1,
  backchannel: 0.25,
  cough: 0.2,
  knock: 0.05,
};
/** When the scripted STT has words after they begin, and the final after they end, ms: those of hosted STTs. */
const INTERIM_MS = 350;
const FINAL_MS = 250;
/** How long the agent has been heard when the caller makes a sound, ms: later than any cut-off that is repaired. */
const AFTER_MS = [1_700, 2_700] as const;
/** A pause in the agent's speech from which it is a stop, ms. */
const BREAK_MS = 200;
/** An answer that ends this much too early was given up, ms. */
const LOST_MS = 600;
const LIMIT_MS = 12_000;
const { SpeechEventType: Type } = stt;

/** What the agent did at one sound, as it was played. Times in ms. */
export interface BargeInResult {
  arm: string;
  kind: SoundKind;
  /** From the sound's first sample to the last audible one of the answer; of words that want the agent to stop. */
  stopMs?: number;
  /** The agent's speech broke off for more than 200 ms at a sound that does not want it to stop. */
  isFalseStop?: boolean;
  /** The rest of the answer was not said. */
  isLost?: boolean;
  /** Until speech went on after a false stop. */
  silentMs?: number;
  /** From the caller's last sample to the next answer, after words that want the agent to stop. */
  nextGapMs?: number;
  /** How many answers began after words that want the agent to stop. */
  answers?: number;
  /** How much more of the answer the next request to the LLM contained than had been heard, ms of speech; negative: less. */
  unheardMs?: number;
  /** The stop in the session's own record, less the played one; of Firstword's arm only. */
  recordApartMs?: number;
  /** How late the caller's audio was, because the machine was busy. */
  lateMs: number;
}

interface PlayedSound extends CallerSound {
  onsetMs: number;
  endedMs: number;
  answer: number;
  lateMs: number;
}

const pick = <T>(values: readonly T[], random: Random): T =>
  values[Math.floor(random.uniform() * values.length)]!;

function plan(sounds: ReadonlyMap<SoundKind, CallerSound[]>, count: number, random: Random): CallerSound[] {
  return Array.from({ length: count }, () => {
    let left = random.uniform();
    const kind = (Object.keys(SHARES) as SoundKind[]).find((name) => {
      left -= SHARES[name];
      return left < 0;
    });
    return pick(sounds.get(kind ?? 'cough')!, random);
  });
}

/** One call: the agent tells long stories, and the caller makes sounds over them. */
class BargeInCall {
  readonly #arm: BargeInArm;
  readonly #stt = new ScriptedSTT();
  readonly #tape = new SoundTape();
  readonly #model = new StoryModel();
  readonly #session: voice.AgentSession;
  readonly #records: TurnRecord[] = [];
  #startedMs = 0;

  constructor(arm: BargeInArm) {
    this.#arm = arm;
    this.#session = this.#open();
  }

  #open(): voice.AgentSession {
    const tts = new LocalTTS(emulatedTts({ clock: systemClock }));
    const parts = { stt: this.#stt, llm: new FirstwordLLM(this.#model), tts };
    const { minDurationMs } = this.#arm;
    const interruption = minDurationMs === undefined ? {} : { interruption: { minDuration: minDurationMs } };
    // The bench is about interruptions: all arms end turns alike, and none has an echo.
    const endpointing = { minDelay: 300, maxDelay: 300 };
    const turnHandling = { turnDetection: 'vad' as const, endpointing, ...interruption };
    const options = { ...parts, turnHandling, aecWarmupDuration: null };
    const onTurn = (record: TurnRecord, final: boolean) => final && this.#records.push(record);
    const session = this.#arm.isFirstword
      ? new AgentSession({ ...options, firstword: { records: { onTurn } } })
      : new voice.AgentSession(options);
    session.on(voice.AgentSessionEventTypes.Error, () => {});
    return session;
  }

  /** @param url of a LiveKit server; without it, the call is played in this process */
  async play(sounds: readonly CallerSound[], question: CallerSound, random: Random, url?: string) {
    const answersFromMs = () => this.#model.requests.flatMap(({ firstContentMs }) => firstContentMs ?? []);
    const tape = this.#tape;
    const link: CallLink =
      url === undefined ? directLink(tape) : await roomLink({ url, tape, answersFromMs });
    this.#startedMs = systemClock.nowMs();
    await link.start(this.#session, new voice.Agent({ instructions: 'You tell stories.' }));
    const line = new Line(link);
    await wait(1_000);
    const played: PlayedSound[] = [];
    for (const sound of sounds) {
      const answer = await this.#story(line, question);
      if (answer === undefined) continue;
      const heardMs = systemClock.nowMs() - this.#of(answer)[0]!.fromMs;
      const afterMs = AFTER_MS[0] + random.uniform() * (AFTER_MS[1] - AFTER_MS[0]);
      await wait(Math.max(0, afterMs - heardMs));
      played.push(await this.#make(line, sound, answer));
      await this.#settled(sound, answer);
    }
    line.close();
    const results = played.map((sound) => this.#result(sound));
    await this.#session.close();
    await link.close();
    return results;
  }

  #of(answer: number): Sound[] {
    return this.#tape.sounds().filter((sound) => sound.answer === answer);
  }

  async #until(isSo: () => boolean): Promise<boolean> {
    const limitMs = systemClock.nowMs() + LIMIT_MS;
    while (!isSo() && systemClock.nowMs() < limitMs) await wait(20);
    return isSo();
  }

  /** An answer that has just begun: the one after an interruption, or to a question. */
  async #story(line: Line, question: CallerSound): Promise<number | undefined> {
    const nowMs = systemClock.nowMs();
    const newest = this.#tape.sounds().at(-1);
    const isNew =
      newest && nowMs - newest.toMs < 100 && nowMs - this.#of(newest.answer)[0]!.fromMs < AFTER_MS[0];
    if (isNew) return newest.answer;
    await this.#until(() => this.#session.agentState === 'listening');
    const before = this.#tape.sounds().at(-1)?.answer ?? 0;
    await this.#make(line, question, before);
    const hasBegun = () => (this.#tape.sounds().at(-1)?.answer ?? 0) > before;
    return (await this.#until(hasBegun)) ? this.#tape.sounds().at(-1)!.answer : undefined;
  }

  /** Makes a sound; the STT sends its words. */
  async #make(line: Line, sound: CallerSound, answer: number): Promise<PlayedSound> {
    let onsetMs = 0;
    await line.speak(sound.samples, (atMs) => {
      onsetMs = atMs;
      if (sound.words === '') return;
      const some = sound.words.split(' ').slice(0, 3).join(' ');
      void wait(INTERIM_MS).then(() => this.#stt.hear(Type.INTERIM_TRANSCRIPT, some));
    });
    const endedMs = onsetMs + sound.samples.length / 16;
    if (sound.words !== '')
      void wait(FINAL_MS).then(() => this.#stt.hear(Type.FINAL_TRANSCRIPT, sound.words));
    return { ...sound, onsetMs, endedMs, answer, lateMs: line.lateMs + FRAME_MS };
  }

  /** Waits until the answer to an interruption has begun, or until the answer has ended after another sound. */
  async #settled({ kind }: CallerSound, answer: number): Promise<void> {
    const newest = () => this.#tape.sounds().at(-1)?.answer ?? 0;
    if (isWanted(kind)) {
      await this.#until(() => newest() > answer);
      return;
    }
    await wait(2_500);
    await this.#until(() => newest() > answer || this.#session.agentState === 'listening');
    await wait(300);
  }

  #result(sound: PlayedSound): BargeInResult {
    const { kind, onsetMs, endedMs, answer, lateMs } = sound;
    const own = this.#of(answer);
    const of = { arm: this.#arm.name, kind, lateMs: lateMs - FRAME_MS };
    const lastMs = own.at(-1)?.toMs ?? onsetMs;
    const playedMs = own.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const later = this.#tape
      .sounds()
      .filter(({ fromMs, answer: other }) => other !== answer && fromMs > onsetMs);
    if (!isWanted(kind)) {
      const breaks = own.flatMap(({ toMs }, at) => {
        const nextMs = own[at + 1]?.fromMs;
        return nextMs === undefined || toMs < onsetMs ? [] : [nextMs - toMs];
      });
      const isLost = playedMs < this.#model.storyMs - LOST_MS;
      const longestMs = isLost ? (later[0]?.fromMs ?? Number.NaN) - lastMs : Math.max(0, ...breaks);
      const isFalseStop = isLost || longestMs > BREAK_MS;
      return { ...of, isFalseStop, isLost, ...(isFalseStop ? { silentMs: longestMs } : {}) };
    }
    const next = later.find(({ fromMs }) => fromMs > endedMs);
    // A speculation is made before the caller's last sample.
    const request = next && this.#model.requests.findLast(({ atMs }) => atMs > onsetMs && atMs < next.fromMs);
    const stop = this.#recordedStop(onsetMs);
    return {
      ...of,
      stopMs: lastMs - onsetMs,
      answers: new Set(
        later.filter(({ fromMs }) => next && fromMs < next.fromMs + 1_500).map((s) => s.answer),
      ).size,
      ...(next ? { nextGapMs: next.fromMs - endedMs } : {}),
      ...this.#unheard(request, playedMs),
      ...(stop === undefined ? {} : { recordApartMs: stop - (lastMs - onsetMs) }),
    };
  }

  #unheard(request: StoryRequest | undefined, playedMs: number): Pick<BargeInResult, 'unheardMs'> {
    if (!request) return {};
    return { unheardMs: request.lastAnswer.length * this.#model.msPerCharacter - playedMs };
  }

  /** The stop in the session's records, from the sound that began then, ms. */
  #recordedStop(onsetMs: number): number | undefined {
    const callStartMs = this.#startedMs;
    const found = this.#records
      .flatMap(({ interruptions = [] }) => interruptions)
      .map(({ callerFromMs, stoppedMs }) => ({ fromMs: callerFromMs, stoppedMs }))
      .find(({ fromMs }) => Math.abs(fromMs + callStartMs - onsetMs) < 400);
    return found?.stoppedMs === undefined ? undefined : found.stoppedMs - found.fromMs;
  }
}

const isWanted = (kind: SoundKind): boolean => kind === 'interruption' || kind === 'one word';

/** Plays one call of several sounds through a session of one arm. */
export async function playBargeInCall(options: {
  arm: BargeInArm;
  sounds: ReadonlyMap<SoundKind, CallerSound[]>;
  count: number;
  seed: number;
  /** Of a LiveKit server in development mode; absent to play in this process. */
  roomUrl?: string | undefined;
}): Promise<BargeInResult[]> {
  const { arm, sounds, count, seed, roomUrl } = options;
  const random = seededRandom(seed, 'barge-in');
  const question = sounds.get('interruption')![0]!;
  return new BargeInCall(arm).play(plan(sounds, count, random), question, random, roomUrl);
}
