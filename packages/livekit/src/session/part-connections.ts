import { type llm, voice } from '@livekit/agents';
import { attachBargeIn } from '../barge-in/barge-in.js';
import type { BargeInTimes } from '../barge-in/barge-in-times.js';
import { attachHeardWords } from '../barge-in/heard-words.js';
import { releaseRaces } from '../internals/race.js';
import {
  type ActivityParts,
  activityParts,
  activityTurnDetection,
  type TurnDetection,
} from '../internals/session-activity.js';
import { guardSpeculations } from '../llm/speculation-errors.js';
import { listenTo } from '../observe/listen-to.js';
import { attachRescue } from '../realtime/rescue.js';
import type { RescueOptions } from '../realtime/rescue-options.js';
import { attachTranscriptAnswers } from '../realtime/transcript-answers.js';
import { attachTurnRepair } from '../repair/turn-repair.js';
import { attachEagerSTT } from '../stt/attach.js';
import { attachSpeculativeTools } from '../tools/speculative-tools.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { attachFiller } from '../tts/filler-player.js';
import { type AskAgain, attachAskAgain } from './ask-again.js';
import { attachEndpointing } from './end-of-turn.js';
import { warnOfVendors } from './vendors/advise.js';

const { AgentSessionEventTypes: Event } = voice;
type TextTransforms = voice.AgentSessionOptions['ttsTextTransforms'];

/**
 * Connects Firstword's wrappers to the session that uses them, and follows the session from agent to agent. A
 * speculation that fails and is not used is not reported as an error of the session.
 */
export class PartConnections {
  readonly #session: voice.AgentSession;
  readonly #keepTransforms: boolean;
  readonly #transforms: TextTransforms;
  readonly #stops: (() => void)[] = [];
  #parts: ActivityParts = {};
  #detection: TurnDetection;
  #stopEndpointing = () => {};
  #stopSpeculation = () => {};
  #stopSpeech = () => {};

  /**
   * @param options.keepTransforms the user has set `ttsTextTransforms`: leave them alone
   * @param options.askAgain what the `askAgain` lever says; absent if it is off
   * @param options.repair repair cut-offs
   * @param options.bargeIn stop the agent at the caller's first sound; absent if the lever is off
   * @param options.rescue when a realtime model is replaced, and by what; `false`: never
   * @param options.answerWith the LLM that answers in its place
   */
  constructor(
    session: voice.AgentSession,
    options: {
      keepTransforms: boolean;
      askAgain?: AskAgain | undefined;
      repair: boolean;
      bargeIn?: BargeInTimes | undefined;
      rescue?: RescueOptions | false | undefined;
      answerWith?: llm.LLM | undefined;
    },
  ) {
    releaseRaces();
    this.#session = session;
    this.#keepTransforms = options.keepTransforms;
    this.#transforms = session.sessionOptions.ttsTextTransforms;
    const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
      // LiveKit reports the first agent, too, as a hand-off.
      if (item.type === 'agent_handoff') this.refresh();
    };
    session.on(Event.ConversationItemAdded, onItem);
    this.#stops.push(() => session.off(Event.ConversationItemAdded, onItem), guardSpeculations(session));
    if (options.askAgain) this.#stops.push(attachAskAgain(session, options.askAgain));
    this.refresh();
    this.#stops.push(attachSpeculativeTools(session), attachHeardWords(session));
    if (options.repair) this.#stops.push(attachTurnRepair(session));
    // After the repair: a caller who goes on with a turn that was committed in a pause does not interrupt.
    if (options.bargeIn) this.#stops.push(attachBargeIn(session, options.bargeIn));
    const { rescue, answerWith } = options;
    if (answerWith) this.#stops.push(attachTranscriptAnswers(session, { llm: answerWith }));
    else if (rescue !== false) this.#stops.push(attachRescue(session, rescue));
  }

  /** Connects the parts that are in use now. LiveKit reports no event when an agent exchanges a part of its own. */
  refresh(): void {
    const { stt, llm, tts } = activityParts(this.#session);
    const was = this.#parts;
    this.#parts = { stt, llm, tts };
    const detection = activityTurnDetection(this.#session);
    if (detection !== this.#detection) {
      this.#stopEndpointing();
      this.#detection = detection;
      this.#stopEndpointing = attachEndpointing(this.#session);
    }
    if (stt !== was.stt || llm !== was.llm) {
      this.#stopSpeculation();
      this.#stopSpeculation = attachEagerSTT(this.#session);
    }
    if (tts !== was.tts) {
      this.#stopSpeech();
      this.#stopSpeech = this.#connectTts(tts);
    }
    this.#chooseTransforms(tts);
    warnOfVendors({ stt, tts });
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#stopEndpointing();
    this.#stopSpeculation();
    this.#stopSpeech();
    this.#stopEndpointing = () => {};
    this.#stopSpeculation = () => {};
    this.#stopSpeech = () => {};
    this.#parts = {};
    this.#detection = undefined;
    this.#setTransforms(this.#transforms);
  }

  #connectTts(tts: ActivityParts['tts']): () => void {
    const stops = [attachFiller(this.#session)];
    if (tts instanceof ClauseTTS) {
      const warming = new AbortController();
      // A phrase that is missing is synthesized when it is said. If the TTS fails here, it fails there too and is reported there.
      tts.warm({ signal: warming.signal }).catch(() => {});
      // LiveKit connects at the first answer, and again at the first one after the service has closed an idle connection.
      tts.prewarm();
      listenTo(this.#session, stops)(Event.UserStateChanged, ({ newState }) => {
        if (newState === 'speaking') tts.prewarm();
      });
      stops.push(() => warming.abort());
    }
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** LiveKit's Markdown filter delays each word until the next; ClauseTTS removes Markdown and emoji itself. */
  #chooseTransforms(tts: ActivityParts['tts']): void {
    const isClause = tts instanceof ClauseTTS && tts.settings.clause !== false;
    // An agent's own `ttsNode` may send the text to another TTS.
    const agent = this.#session._activity?.agent;
    const isOwnNode = agent !== undefined && agent.ttsNode !== voice.Agent.prototype.ttsNode;
    this.#setTransforms(isClause && !isOwnNode ? null : this.#transforms);
  }

  #setTransforms(transforms: TextTransforms): void {
    if (this.#keepTransforms || transforms === undefined) return;
    this.#session.sessionOptions.ttsTextTransforms = transforms;
  }
}
