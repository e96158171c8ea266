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
  /** Folder for the records: one file `<callId>.jsonl` per call, with one line of JSON per turn. Default: no file. */
  dir?: string;
  /**
   * Called with a turn's record when its answer becomes audible, and once more, with `final` true and the complete record,
   * when the answer has ended or none came.
   */
  onTurn?(record: TurnRecord, final: boolean): void;
  /**
   * Called with the call's record, which has its time to hello. It is called when the greeting is heard. If no greeting is
   * heard, it is called at the caller's first turn or at the end of the session, with the reason in the record.
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
  /** How long to wait after the last sound: a preset, or an object with the options to change. Default: `balanced`. */
  endpointing?: EndpointingPreset | Partial<Omit<EndpointingPolicyOptions, 'expects'>>;
  /**
   * Your own end-of-turn model, or `smartTurn()` of `@firstword/local`, or `'stt'` for the end of turn that an STT such as
   * Deepgram Flux reports (it needs the `speculation` lever). The `endpointing` lever derives the waits from its
   * probabilities. Default: the detector that you have set as `turnDetection`, else the one that LiveKit uses (its cloud
   * model if available, else its local one).
   */
  detector?: EndOfTurnDetector | 'stt';
  /** What the caller's next answer should be, such as `digits(10)`. Default: derived from the agent's last question. */
  expects?: Expects;
  /** Your own work before each answer, such as retrieval; it runs while the caller still speaks. See `Prepare`. */
  prepare?: Prepare;
  /**
   * Greetings and confirmations whose audio is cached on disk. Missing audio is synthesized when the session starts.
   */
  phrases?: ClauseTTSOptions['phrases'];
  /** A phrase to say when an answer is late. Off by default. It needs the `clause` lever. */
  filler?: FillerOptions;
  /**
   * What the `askAgain` lever says after speech without a transcript. Default: "Sorry, I didn’t catch that." in the language
   * of the caller's earlier words.
   */
  askAgain?: AskAgain;
  /**
   * How often in a row the `askAgain` lever asks until words are recognized: 1 to 10. After that, each further speech without words is
   * an `error` event of the STT with `recoverable: true`. Default: 3.
   */
  askAgainLimit?: number;
  /**
   * When and how the answer of a realtime model that says nothing is replaced. With `llm`, that LLM and the session's TTS
   * answer; otherwise the realtime model is asked again. `false` switches this off. No effect without a realtime model.
   * Default: the model is asked again, at once if a response is completed without an audible sample, else after 3 s.
   */
  rescue?: RescueOptions | false;
  /**
   * An LLM, such as a router, that answers instead of the session's realtime model. The model only detects turns and
   * transcribes them. The agent's `onUserTurnCompleted`, `llmNode`, tools, `prepare` and the session's TTS work as in a
   * cascade. Give the model `turnDetection` with `create_response: false`. No effect without a realtime model. Default: the
   * realtime model answers.
   */
  answerWith?: llm.LLM;
  /** What an earlier session of the call has learned; updated in place. Default: nothing. */
  learning?: LearnedState;
}

/** The names of `FirstwordOptions`. */
export const FIRSTWORD_NAMES: Record<keyof FirstwordOptions, true> = {
  levers: true,
  speculation: true,
  endpointing: true,
  detector: true,
  expects: true,
  prepare: true,
  phrases: true,
  filler: true,
  askAgain: true,
  askAgainLimit: true,
  rescue: true,
  answerWith: true,
  learning: true,
};

/** `FirstwordOptions` of a session that records its turns itself. */
export interface SessionFirstwordOptions extends FirstwordOptions {
  /**
   * A fixed greeting, said as soon as the session has started. With `phrases` its audio is cached on disk, so that it does
   * not wait for the TTS. Do not greet in `onEnter` too. Default: none.
   */
  greeting?: string;
  /** Where the turn records go: a folder, or `RecordsOptions`. Default: nowhere. */
  records?: string | RecordsOptions;
}
