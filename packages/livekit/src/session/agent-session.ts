import { randomUUID } from 'node:crypto';
import { getJobContext, llm, log, voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import {
  activityParts,
  activityTurnDetection,
  replaceParts,
  type TurnDetection,
} from '../internals/session-activity.js';
import { SessionObserver } from '../observe/observer.js';
import { RecordFile } from '../observe/record-file.js';
import { mergeRoomOptions } from '../transport/room/room-options.js';
import { watchRoom } from '../transport/room/watch-room.js';
import type { RecordsOptions, SessionFirstwordOptions } from './firstword-options.js';
import { emptyLearnedState } from './learned-state.js';
import { describeLevers, type LeverStatus, leverStatus } from './lever-status.js';
import { PartConnections } from './part-connections.js';
import { PartWrappers } from './part-wrappers.js';
import { planSession, type SessionPlan } from './session-plan.js';

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
  readonly #firstword: SessionFirstwordOptions;
  readonly #given: voice.AgentSessionOptions;
  readonly #plan: SessionPlan;
  readonly #wrappers: PartWrappers;
  /** The turn detection before any `updateOptions`. */
  readonly #livekitDetection: TurnDetection;
  #connections: PartConnections | undefined;
  #stopRecords = () => {};
  #isRoomWatched = false;

  /** @throws FirstwordError `bad_input` if an option of `firstword` is out of its range; `two_copies` if a part is of another copy of LiveKit */
  constructor({ firstword = {}, ...given }: AgentSessionOptions<UserData> = {}) {
    const { stt, llm, tts, vad, turnHandling } = given;
    assertSameCopy({ stt, llm, tts, vad, turnDetection: turnHandling?.turnDetection });
    const plan = planSession(given as voice.AgentSessionOptions, firstword);
    super(plan.options as voice.AgentSessionOptions<UserData>);
    this.#firstword = firstword;
    this.#given = given as voice.AgentSessionOptions;
    this.#plan = plan;
    const { speculation, learning } = firstword;
    this.#wrappers = new PartWrappers({
      levers: plan.levers,
      firstword,
      speculator: (learning ?? emptyLearnedState({ speculation })).speculator,
      vad: given.vad,
      noSpeculation: plan.idle.speculation !== undefined,
      keepTimings: given.useTtsAlignedTranscript === true,
    });
    this.#livekitDetection = this.turnDetection;
    replaceParts(this as voice.AgentSession, {
      stt: (part) => this.#wrappers.stt(part),
      llm: (part) => this.#wrappers.llm(part),
      tts: (part, agent) => this.#wrappers.tts(part, this.#isExpressive(agent)),
      vad: (part, agent) =>
        part === this.vad && this.#endsTurnsOf(agent) ? (plan.endOfTurn?.vad ?? part) : part,
      turnDetection: (detection, agent) =>
        detection === this.#livekitDetection && this.#endsTurnsOf(agent)
          ? plan.endOfTurn?.detector
          : detection,
      endpointing: (delays, detection) =>
        plan.endOfTurn && detection === plan.endOfTurn.detector && !this.#isUpdated()
          ? { ...delays, ...plan.endOfTurn.delays }
          : delays,
      onChange: () => this.#connections?.refresh(),
    });
    this.on(Event.Close, () => this.#disconnect());
  }

  /** What each lever does in the session now. */
  get levers(): LeverStatus[] {
    return leverStatus(this.#plan, {
      parts: activityParts(this as voice.AgentSession),
      endsTurns: this._activity ? this.#endsTurnsOf(this._activity.agent) : true,
      isManual: this._activity?.agent.turnHandling?.turnDetection === 'manual',
      ttsReason: (tts) => this.#wrappers.whyTtsNotWrapped(tts, this.#isExpressive(this._activity?.agent)),
      input: !this._textOnly && !(this._started && !this.input.audio),
      output: !this._textOnly && !(this._started && !this.output.audio),
    });
  }

  override async start(options: StartOptions): Promise<void> {
    if (this._started) return super.start(options);
    assertSameCopy({ agent: options.agent, room: options.room });
    this.#connect(options);
    try {
      await super.start(this.#withRoomOptions(options));
    } catch (error) {
      this.#disconnect();
      throw error;
    }
    log().info(...describeLevers(this.levers, { ...this.#plan.changes, ...this.#endpointingChanges() }));
  }

  #connect(options: StartOptions): void {
    this.#disconnect();
    const session = this as voice.AgentSession;
    this.#connections = new PartConnections(session, {
      keepTransforms: this.#given.ttsTextTransforms !== undefined,
    });
    if (options.room && !this.#isRoomWatched) {
      // Without the lever, frames go to the room at LiveKit's own pace.
      watchRoom(session, this.#plan.levers.trimSilence ? {} : { headStartMs: 0 });
      this.#isRoomWatched = true;
    }
    const { records } = this.#firstword;
    if (records) this.#stopRecords = recordTurns(session, records, this.#plan);
  }

  #disconnect(): void {
    this.#connections?.close();
    this.#connections = undefined;
    this.#wrappers.release();
    this.#stopRecords();
    this.#stopRecords = () => {};
  }

  /** Whether the endpointing lever acts for an agent: neither it nor `updateOptions` has set turn detection or delays. */
  #endsTurnsOf(agent: voice.Agent): boolean {
    const { endpointing, turnDetection } = agent.turnHandling ?? {};
    const isOwn = turnDetection !== undefined || Object.keys(endpointing ?? {}).length > 0;
    return !isOwn && !this.#isUpdated() && !(agent.llm instanceof llm.RealtimeModel);
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
      'turnHandling.turnDetection': "Firstword's waits on LiveKit's local model",
      'turnHandling.endpointing': delays,
      ...(vad ? { vad: vad.label } : {}),
    };
  }

  #isExpressive(agent: voice.Agent | undefined): boolean {
    return Boolean(agent?.expressive ?? this._expressive);
  }

  #withRoomOptions(options: StartOptions): StartOptions {
    const { levers, idle, changes } = this.#plan;
    const tts = options.agent.tts ?? this.tts;
    const isWrapped = tts && !this.#wrappers.whyTtsNotWrapped(tts, this.#isExpressive(options.agent));
    const merged = mergeRoomOptions(options, {
      input: levers.endpointing && !idle.endpointing,
      output: levers.trimSilence && isWrapped ? tts : undefined,
    });
    if (merged.inputOptions?.audioSampleRate !== options.inputOptions?.audioSampleRate)
      changes['inputOptions.audioSampleRate'] = merged.inputOptions?.audioSampleRate;
    if (merged.outputOptions?.audioSampleRate !== options.outputOptions?.audioSampleRate)
      changes['outputOptions.audioSampleRate'] = merged.outputOptions?.audioSampleRate;
    return merged;
  }
}

/** Records the session's turns. Returns a function that completes the last record and stops. */
function recordTurns(
  session: voice.AgentSession,
  options: string | RecordsOptions,
  { levers, idle }: SessionPlan,
): () => void {
  const { dir, callId, transcripts, onTurn } = typeof options === 'string' ? { dir: options } : options;
  const id = callId ?? getJobContext(false)?.job.id ?? `call-${randomUUID()}`;
  const file = dir === undefined ? undefined : new RecordFile(dir, id);
  const observer = new SessionObserver({
    session,
    callId: id,
    transcripts: transcripts ?? false,
    levers: { ...levers, ...Object.fromEntries(Object.keys(idle).map((lever) => [lever, false])) },
    onTurn: (record, final) => {
      if (final) file?.append(record);
      onTurn?.(record, final);
    },
  });
  return () => observer.close();
}
