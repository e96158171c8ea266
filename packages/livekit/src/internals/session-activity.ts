import type { llm, stt, tts, VAD, voice } from '@livekit/agents';

/** The STT, LLM and TTS that a session uses now, from its agent or from the session itself. */
export interface ActivityParts {
  stt?: stt.STT | undefined;
  llm?: llm.LLM | llm.RealtimeModel | undefined;
  tts?: tts.TTS | undefined;
  vad?: VAD | undefined;
}

/** How a session decides that the caller's turn is over. */
export type TurnDetection = voice.AgentSession['turnDetection'];

/** The delays after which LiveKit ends a turn, ms. */
export type EndpointingDelays = NonNullable<
  NonNullable<voice.AgentSessionOptions['turnHandling']>['endpointing']
>;

/** What LiveKit's `AgentActivity`, which it does not export, is used for. */
interface Activity extends ActivityParts {
  readonly agent: voice.Agent;
  readonly endpointingOpts: EndpointingDelays;
  updateModels(options: unknown): Promise<void>;
  updateOptions(options: { endpointing?: unknown; turnDetection?: unknown }): void;
}

const DETECTOR = '_resolvedTurnDetection';

/** Called by `replaceParts`. */
export interface PartReplacement {
  /** Returns the part to use instead of `part`, or `part` itself. Called at every use: it must be quick. */
  stt(part: stt.STT): stt.STT;
  llm(part: llm.LLM | llm.RealtimeModel): llm.LLM | llm.RealtimeModel;
  tts(part: tts.TTS, agent: voice.Agent): tts.TTS;
  vad(part: VAD, agent: voice.Agent): VAD;
  /** Called once for each agent that becomes active, before it starts. */
  turnDetection(detection: TurnDetection, agent: voice.Agent): TurnDetection;
  /** The delays for the turn detection in use. */
  endpointing(delays: EndpointingDelays, detection: TurnDetection, agent: voice.Agent): EndpointingDelays;
  /** From now on the session uses another agent's parts, or the agent has exchanged one. */
  onChange(): void;
}

/** The parts that a session uses now. Before it has started, the session's own. */
export function activityParts(session: voice.AgentSession): ActivityParts {
  return session._activity ?? session;
}

/** The turn detection that a session uses now, from its agent or from the session itself. */
export function activityTurnDetection(session: voice.AgentSession): TurnDetection {
  return session._activity ? Reflect.get(session._activity, DETECTOR) : session.turnDetection;
}

/** The reply that is being made, spoken, or paused by a sound of the caller. */
export function activeReply(session: voice.AgentSession): voice.SpeechHandle | undefined {
  const speech = session._activity?.currentSpeech;
  return speech?.done() || speech?.interrupted ? undefined : speech;
}

/** Makes one activity use the replacements. */
function patch(activity: Activity, replacement: PartReplacement): void {
  if (Object.hasOwn(activity, 'updateModels')) return;
  const prototype: object = Object.getPrototypeOf(activity);
  type Replaced = ActivityParts & Pick<Activity, 'endpointingOpts'>;
  const original = <Name extends keyof Replaced>(name: Name): Replaced[Name] =>
    Reflect.get(prototype, name, activity);
  const define = <Name extends keyof Replaced>(name: Name, get: () => Replaced[Name]) =>
    Object.defineProperty(activity, name, { configurable: true, get });
  define('stt', () => {
    const part = original('stt');
    return part && replacement.stt(part);
  });
  define('llm', () => {
    const part = original('llm');
    return part && replacement.llm(part);
  });
  define('tts', () => {
    const part = original('tts');
    return part && replacement.tts(part, activity.agent);
  });
  define('vad', () => {
    const part = original('vad');
    return part && replacement.vad(part, activity.agent);
  });
  define('endpointingOpts', () =>
    replacement.endpointing(original('endpointingOpts')!, Reflect.get(activity, DETECTOR), activity.agent),
  );
  const livekitDetection: TurnDetection = Reflect.get(activity, DETECTOR);
  Reflect.set(activity, DETECTOR, replacement.turnDetection(livekitDetection, activity.agent));
  const { updateModels, updateOptions } = activity;
  activity.updateOptions = (options) => {
    if (options.turnDetection === undefined) return updateOptions.call(activity, options);
    // As LiveKit leaves it: the delays stay those of the detector that the agent started with.
    Reflect.set(activity, DETECTOR, livekitDetection);
    replacement.onChange();
    // LiveKit takes new delays only with `endpointing`, whose value it does not use.
    updateOptions.call(activity, { endpointing: {}, ...options });
  };
  activity.updateModels = async (options) => {
    await updateModels.call(activity, options);
    replacement.onChange();
  };
}

/**
 * Makes a session's agents use other parts, another turn detection and other delays than those that the user has given, while
 * `session.tts`, `agent.tts` and so on keep showing the user's own. Agents that take over later, and parts that an agent exchanges, are replaced in the same way.
 * Call it before `session.start()`.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_session.ts`, private fields `nextActivity` and `activity` (assigned in
 *   `_updateActivity`), getter `_activity`; `voice/agent_activity.ts`, getters `stt`, `llm`, `tts`, `vad` and
 *   `endpointingOpts`, private field `_resolvedTurnDetection`, methods `updateModels` and `updateOptions`.
 * - If it changes: Firstword's wrappers are not used, so every lever that needs one has no effect. `internals.test.ts` fails.
 */
export function replaceParts(session: voice.AgentSession, replacement: PartReplacement): void {
  for (const field of ['nextActivity', 'activity']) {
    let value: Activity | undefined = Reflect.get(session, field);
    Object.defineProperty(session, field, {
      configurable: true,
      get: () => value,
      set: (next: Activity | undefined) => {
        value = next;
        if (!next) return;
        patch(next, replacement);
        if (field === 'activity') replacement.onChange();
      },
    });
  }
}
