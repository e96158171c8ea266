import { randomUUID } from 'node:crypto';
import { getJobContext, llm, log, tts, voice } from '@livekit/agents';
import { whyNotStopped } from '../barge-in/stoppable.js';
import { assertSameCopy } from '../compatibility/same-copy.js';
import {
  activityParts,
  activityTurnDetection,
  replaceParts,
  type TurnDetection,
} from '../internals/session-activity.js';
import { SessionObserver } from '../observe/observer.js';
import { openRecordFile } from '../observe/record-file.js';
import type { RescueOptions } from '../realtime/rescue-options.js';
import { whyNotRepaired } from '../repair/repairable.js';
import { mergeRoomOptions } from '../transport/room/room-options.js';
import { watchRoom } from '../transport/room/watch-room.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import type { RecordsOptions, SessionFirstwordOptions } from './firstword-options.js';
import { describeLevers, type LeverStatus, leverStatus, leversInForce } from './lever-status.js';
import { PartConnections } from './part-connections.js';
import { PartWrappers } from './part-wrappers.js';
import { checkRealtimeParts, realtimeChanges, speaksItself } from './realtime-parts.js';
import { askAgainOf, bargeInOf, type EndOfTurn, planSession, type SessionPlan } from './session-plan.js';

/** Options of `AgentSession`: those of LiveKit's, and Firstword's own under one key. */
export type AgentSessionOptions<UserData = unknown> = voice.AgentSessionOptions<UserData> & {
  firstword?: SessionFirstwordOptions;
};

type StartOptions = Parameters<voice.AgentSession['start']>[0];
const { AgentSessionEventTypes: Event } = voice;

/**
 * LiveKit's `voice.AgentSession` with Firstword's levers on: the same options, the same `start()`.
 *
 * STT, LLM and TTS may belong to the session or to its agents, and may change. `session.tts`, `agent.tts` and so on show your
 * own; Firstword's wrappers are used between them and the session. Options that you have set stay; each lever says which
 * others it sets (`Levers`). A lever that cannot work with the parts is idle. One line at the log level `info` says at the
 * start which levers are on, which are idle and why, and which options were set.
 */
export class AgentSession<UserData = unknown> extends voice.AgentSession<UserData> {
  readonly #records: SessionFirstwordOptions['records'];
  readonly #greeting: string | undefined;
  readonly #plan: SessionPlan;
  readonly #wrappers: PartWrappers;
  /** The turn detection before any `updateOptions`. */
  readonly #livekitDetection: TurnDetection;
  #connections: PartConnections | undefined;
  #stopRecords = () => {};
  #isRoomWatched = false;

  /** @throws FirstwordError `bad_input` if an option of `firstword` is out of its range; `two_copies` if a part is of another copy of LiveKit */
  constructor({ firstword = {}, ...given }: AgentSessionOptions<UserData> = {}) {
    const plan = planSession(given as voice.AgentSessionOptions, withGreeting(firstword));
    super(plan.options as voice.AgentSessionOptions<UserData>);
    this.#records = firstword.records;
    this.#greeting = firstword.greeting;
    this.#plan = plan;
    this.#wrappers = new PartWrappers(plan);
    this.#livekitDetection = this.turnDetection;
    replaceParts(this as voice.AgentSession, {
      stt: (part) => this.#wrappers.stt(part),
      llm: (part) => this.#wrappers.llm(part),
      tts: (part, agent) => this.#wrappers.tts(part, this.#isExpressive(agent)),
      vad: (part, agent) => (part === this.vad ? (this.#endOfTurnFor(agent)?.vad ?? part) : part),
      turnDetection: (detection, agent) =>
        detection === this.#livekitDetection ? (this.#endOfTurnFor(agent)?.detector ?? detection) : detection,
      endpointing: (delays, detection, agent) => {
        const endOfTurn = this.#endOfTurnFor(agent);
        return endOfTurn && detection === endOfTurn.detector ? { ...delays, ...endOfTurn.delays } : delays;
      },
      onChange: () => this.#connections?.refresh(),
    });
    this.on(Event.Close, () => this.#disconnect());
    if (getJobContext(false)) this.#warmUp();
  }

  /** What each lever does in the session now. */
  get levers(): LeverStatus[] {
    return leverStatus(this.#plan, {
      parts: activityParts(this as voice.AgentSession),
      endsTurns: !this._activity || this.#endOfTurnFor(this._activity.agent) !== undefined,
      isManual: this._activity?.agent.turnHandling?.turnDetection === 'manual',
      ttsReason: (tts) => this.#wrappers.whyTtsNotWrapped(tts, this.#isExpressive(this._activity?.agent)),
      repairReason: this._activity ? whyNotRepaired(this as voice.AgentSession) : undefined,
      bargeInReason: this._activity ? whyNotStopped(this as voice.AgentSession) : undefined,
      input: !this._textOnly && !(this._started && !this.input.audio),
      output: !this._textOnly && !(this._started && !this.output.audio),
    });
  }

  override async start(options: StartOptions): Promise<void> {
    if (this._started) return super.start(options);
    assertSameCopy({ agent: options.agent, room: options.room });
    this.#checkParts(options);
    this.#connect(options);
    const merged = this.#withRoomOptions(options);
    try {
      await super.start(merged);
    } catch (error) {
      this.#disconnect();
      throw error;
    }
    const changes = {
      ...this.#plan.changes,
      ...this.#endpointingChanges(),
      ...this.#wrappers.changes,
      ...(this.sessionOptions.ttsTextTransforms === null && this.#plan.given.ttsTextTransforms === undefined
        ? { ttsTextTransforms: null }
        : {}),
      ...realtimeChanges(activityParts(this as voice.AgentSession), this.#plan.firstword),
      ...(options.room ? roomChanges(options, merged) : {}),
    };
    if (this.#greeting !== undefined) this.say(this.#greeting);
    log().info(...describeLevers(this.levers, changes));
  }

  #checkParts({ agent, outputOptions, room }: StartOptions): void {
    const isHeard = room ? outputOptions?.audioEnabled !== false : this.output.audio !== null;
    if (this._textOnly || !isHeard) return;
    const parts = { llm: agent.llm ?? this.llm, tts: agent.tts ?? this.tts };
    const warning = checkRealtimeParts(parts, this.#plan.firstword);
    if (warning) log().warn(`firstword: ${warning}`);
  }

  /**
   * Connects the TTS, and loads or synthesizes the phrases, while the room is still being connected. (LiveKit connects the LLM
   * itself.) Outside a job the session may never start.
   */
  #warmUp(): void {
    if (this._textOnly || !(this.tts instanceof tts.TTS)) return;
    const wrapped = this.#wrappers.tts(this.tts, this.#isExpressive(undefined));
    if (wrapped instanceof ClauseTTS) {
      wrapped.prewarm();
      // What fails here fails again when it is needed, and is reported there.
      wrapped.warm().catch(() => {});
    }
  }

  /** With the user's `prepare` before its answers, as before those of any LLM. */
  get #rescue(): RescueOptions | false | undefined {
    const { rescue } = this.#plan.firstword;
    return rescue && rescue.llm !== undefined ? { ...rescue, llm: this.#wrappers.llm(rescue.llm) } : rescue;
  }

  #connect(options: StartOptions): void {
    this.#disconnect();
    const session = this as voice.AgentSession;
    const { answerWith } = this.#plan.firstword;
    this.#connections = new PartConnections(session, {
      keepTransforms: this.#plan.given.ttsTextTransforms !== undefined,
      askAgain: askAgainOf(this.#plan),
      repair: this.#plan.levers.repair,
      bargeIn: bargeInOf(this.#plan),
      rescue: this.#rescue,
      answerWith: answerWith && this.#wrappers.llm(answerWith),
    });
    if (options.room && !this.#isRoomWatched) {
      // Without the lever, frames go to the room at LiveKit's own pace.
      watchRoom(session, this.#plan.levers.trimSilence ? {} : { headStartMs: 0 });
      this.#isRoomWatched = true;
    }
    if (this.#records) this.#stopRecords = this.#recordTurns(this.#records);
  }

  #disconnect(): void {
    this.#connections?.close();
    this.#connections = undefined;
    this.#wrappers.release();
    this.#stopRecords();
    this.#stopRecords = () => {};
  }

  /**
   * What the endpointing lever uses for an agent; `undefined` if the lever does not act, also because the agent or
   * `updateOptions` has set turn detection or delays.
   */
  #endOfTurnFor(agent: voice.Agent): EndOfTurn | undefined {
    const { endpointing, turnDetection } = agent.turnHandling ?? {};
    const isOwn = turnDetection !== undefined || Object.keys(endpointing ?? {}).length > 0;
    if (isOwn || this.#isUpdated() || agent.llm instanceof llm.RealtimeModel) return undefined;
    return this.#plan.endOfTurn;
  }

  /** Whether `updateOptions` has set turn detection or delays. */
  #isUpdated(): boolean {
    const { endpointingOverrides } = this.sessionOptions.turnHandling;
    return Object.keys(endpointingOverrides).length > 0 || this.turnDetection !== this.#livekitDetection;
  }

  /** What the endpointing lever replaces for the current agent. */
  #endpointingChanges(): Record<string, unknown> {
    const { endOfTurn } = this.#plan;
    if (!endOfTurn || activityTurnDetection(this as voice.AgentSession) !== endOfTurn.detector) return {};
    const { delays, vad } = endOfTurn;
    return {
      'turnHandling.turnDetection': `Firstword's waits on ${endOfTurn.detector.model}`,
      'turnHandling.endpointing': delays,
      ...(vad ? { vad: vad.label } : {}),
    };
  }

  #isExpressive(agent: voice.Agent | undefined): boolean {
    return Boolean(agent?.expressive ?? this._expressive);
  }

  #withRoomOptions(options: StartOptions): StartOptions {
    const { levers, idle } = this.#plan;
    const tts = options.agent.tts ?? this.tts;
    const model = options.agent.llm ?? this.llm;
    const isSpeaking = this.#plan.firstword.answerWith !== undefined || !speaksItself(model);
    const isWrapped =
      tts && isSpeaking && !this.#wrappers.whyTtsNotWrapped(tts, this.#isExpressive(options.agent));
    return mergeRoomOptions(options, {
      // Realtime models take their own rate, and the agent's model is not in the plan.
      input: levers.endpointing && !idle.endpointing && !(model instanceof llm.RealtimeModel),
      output: levers.trimSilence && isWrapped ? tts : undefined,
    });
  }

  /** Records the session's turns. Returns a function that completes the last record and stops. */
  #recordTurns(options: string | RecordsOptions): () => void {
    const { dir, callId, transcripts, onTurn, onCall } =
      typeof options === 'string' ? { dir: options } : options;
    const id = callId ?? getJobContext(false)?.job.id ?? `call-${randomUUID()}`;
    const file = dir === undefined ? undefined : openRecordFile(dir, id);
    const observer = new SessionObserver({
      session: this as voice.AgentSession,
      callId: id,
      transcripts: transcripts ?? false,
      levers: () => leversInForce(this.levers),
      onTurn: (record, final) => {
        if (final) file?.append(record);
        onTurn?.(record, final);
      },
      onCall: (record) => {
        file?.append(record);
        onCall?.(record);
      },
    });
    return () => {
      observer.close();
      void file?.close();
    };
  }
}

/** The greeting is one of the phrases whose audio is cached. */
function withGreeting(firstword: SessionFirstwordOptions): SessionFirstwordOptions {
  const { greeting, phrases } = firstword;
  if (greeting === undefined || !phrases || phrases.texts.includes(greeting)) return firstword;
  return { ...firstword, phrases: { ...phrases, texts: [greeting, ...phrases.texts] } };
}

/** Which options of `start` differ, by path. */
function roomChanges(given: StartOptions, started: StartOptions): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const side of ['inputOptions', 'outputOptions'] as const) {
    const rateHz = started[side]?.audioSampleRate;
    if (rateHz !== given[side]?.audioSampleRate) changes[`${side}.audioSampleRate`] = rateHz;
  }
  return changes;
}
