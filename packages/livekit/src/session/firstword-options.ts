import type {
  CallRecord,
  EndOfTurnDetector,
  EndpointingPreset,
  SpeculationOptions,
  TurnRecord,
} from '@firstword/turn';
import type { llm } from '@livekit/agents';
import type { Prepare } from '../llm/preparation.js';
import type { RescueOptions } from '../realtime/rescue-options.js';
import type { ClauseTTSOptions } from '../tts/clause-options.js';
import type { FillerOptions } from '../tts/filler.js';
import type { AskAgain } from './ask-again.js';
import type { EndpointingPolicyOptions, Expects } from './endpointing.js';
import type { LearnedState } from './learned-state.js';
import type { Levers } from './levers.js';

/** Where a session's turn records go. */
export interface RecordsOptions {
  /** Folder to which each call's records are appended, one line of JSON a turn, as `<callId>.jsonl`. Default: no file. */
  dir?: string;
  /**
   * Called with a turn's record when its answer becomes audible, and once more, with `final` true and the complete record,
   * when the answer has ended or none came.
   */
  onTurn?(record: TurnRecord, final: boolean): void;
  /**
   * Called with the call's record, which has its time to hello: when the greeting is heard, or with the reason when none was heard
   * before the caller's first turn or the end of the session.
   */
  onCall?(record: CallRecord): void;
  /** Names the call in the records. Default: the id of LiveKit's job, or a random one outside a job. */
  callId?: string;
  /** Write the words of both sides into the records. Default `false`: records are meant to be shared. */
  transcripts?: boolean;
}

/** Firstword's own options of a session: the key `firstword` of `AgentSession`, and of `lowLatency` directly. */
export interface FirstwordOptions {
  /** Which levers are on. Default: `DEFAULT_LEVERS`, all of them. */
  levers?: Partial<Levers> | undefined;
  /** When to speculate, and how much it may cost. Default: `DEFAULT_SPECULATION`. */
  speculation?: Partial<SpeculationOptions>;
  /** How long to wait after the last sound: a preset, or single options of it. Default: `balanced`. */
  endpointing?: EndpointingPreset | Partial<Omit<EndpointingPolicyOptions, 'expects'>>;
  /**
   * Your own end-of-turn model, or `smartTurn()` of `@firstword/local`, or `'stt'` for the end of turn that an STT such as
   * Deepgram Flux reports (it needs the `speculation` lever). The `endpointing` lever waits by its probabilities.
   * Default: the detector that you have set as `turnDetection`, else the one that LiveKit takes (its cloud model where that is
   * at hand, else its local one).
   */
  detector?: EndOfTurnDetector | 'stt';
  /** What the caller's next answer should be, such as `digits(10)`. Default: by the agent's last question. */
  expects?: Expects;
  /** Your own work before each answer, such as retrieval; it runs while the caller still speaks. See `Prepare`. */
  prepare?: Prepare;
  /** Greetings and confirmations whose audio is cached on disk; what is missing is synthesized when the session starts. */
  phrases?: ClauseTTSOptions['phrases'];
  /** A phrase to say when an answer is late. Off by default. It needs the `clause` lever. */
  filler?: FillerOptions;
  /**
   * What the `askAgain` lever says after speech that brought no words. Default: "Sorry, I didn’t catch that." in the language of the
   * caller's earlier words.
   */
  askAgain?: AskAgain;
  /**
   * How often in a row the `askAgain` lever asks, until words are heard: 1 to 10. After that each speech without words is an `error`
   * event of the STT with `recoverable: true`. Default: 3.
   */
  askAgainLimit?: number;
  /**
   * When a realtime model that says nothing is replaced: asked again, or with `llm` answered for by an LLM and the session's TTS. `false`
   * turns it off. Without a realtime model it has no effect. Default: it is asked again, at once if a response is completed without
   * an audible sample, else after 3 s.
   */
  rescue?: RescueOptions | false;
  /**
   * An LLM, such as a router, that answers in the place of the session's realtime model. The model only hears: it finds turns and words. The
   * agent's `onUserTurnCompleted`, `llmNode`, tools, `prepare` and the session's TTS work as in a cascade. Give the model `turnDetection`
   * with `create_response: false`. Without a realtime model it has no effect. Default: the realtime model answers.
   */
  answerWith?: llm.LLM;
  /** What an earlier session of the call has learned; updated in place. Default: nothing. */
  learning?: LearnedState;
}

/** `FirstwordOptions` of a session that records its turns itself. */
export interface SessionFirstwordOptions extends FirstwordOptions {
  /**
   * A fixed greeting, said as soon as the session has started. With `phrases` its audio is kept on disk, so that it waits for no
   * TTS. Do not greet in `onEnter` too. Default: none.
   */
  greeting?: string;
  /** Where the turn records go: a folder, or `RecordsOptions`. Default: nowhere. */
  records?: string | RecordsOptions;
}
