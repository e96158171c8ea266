import { type Clock, REPAIR_WITHIN_MS, systemClock } from '@firstword/turn';
import { APIConnectionError, voice } from '@livekit/agents';
import { activeReply, activityParts } from '../internals/session-activity.js';
import { listenTo } from '../observe/listen-to.js';
import { isolated } from '../observe/user-callback.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { LocalSTT } from '../stt/local-stt.js';
import { askAgainPhrase } from './ask-again-phrases.js';
import { TRANSCRIPT_WAIT_MS } from './endpointing.js';

const { AgentSessionEventTypes: Event } = voice;

/** Silence after the speech until the caller is asked again, ms: LiveKit's `transcriptionTimeout`, unless you have set it. */
export const ASK_AFTER_MS = TRANSCRIPT_WAIT_MS;
/** After interim transcripts the final one is on its way: it is waited for so much longer, ms. */
const FINAL_WAIT_MS = 2000;
/** Shorter speech is a cough or a click, ms by the VAD. People's shortest words on the telephone ("bye") measure 160. */
const MIN_SPEECH_MS = 150;
/** So often the caller is asked in a row, until words are heard, unless `askAgainLimit` is set. */
export const ASK_AGAIN_LIMIT = 3;
/** Speech over a reply of this length is more than "mhm", ms. */
const REMAINDER_MS = 600;

const INSTRUCTIONS =
  'The caller said something that could not be understood. Ask them in a few words to repeat it, in the language of the conversation.';

/** Speech of the caller that brought no words. */
export interface UnheardSpeech {
  /** Its length, as the VAD measured it, ms. */
  speechMs: number;
  /** When it ended, session clock, ms. */
  endedMs: number;
  /** Language tag of the caller's earlier words, such as `en-US`; absent if the STT has reported none. */
  language?: string | undefined;
}

/**
 * What is said after speech that brought no words: a text, or a function that returns it. Where the function returns
 * `undefined`, nothing is said; it may call `session.generateReply()` itself.
 */
export type AskAgain = string | ((unheard: UnheardSpeech) => string | undefined);

/** The default. For a language without a phrase the LLM asks. */
export const ASK_IN_LANGUAGE: AskAgain = ({ language }) => language && askAgainPhrase(language);

/** The speech that a session asks about at this moment, for its turn record. */
const asking = new WeakMap<voice.AgentSession, UnheardSpeech>();

/** The speech without words that the reply being created now is about; `undefined` for every other reply. */
export const unheardSpeech = (session: voice.AgentSession): UnheardSpeech | undefined => asking.get(session);

/** How the `askAgain` lever asks. */
export interface AskAgainSettings {
  say: AskAgain;
  /** How often in a row, until words are recognized. After that, each further speech without words is an error of the STT. */
  limit: number;
}

/** Asks the caller to repeat after speech without a transcript, a few times until words are recognized. */
class AskAgainLever {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #ask: (unheard: UnheardSpeech) => void;
  readonly #limit: number;
  /** How often the caller was asked again since words were heard. */
  #asked = 0;
  #hasInterim = false;
  #language: string | undefined;
  #committedMs = Number.NEGATIVE_INFINITY;
  /** The reply that the newest speech began over, and whether it is the rest of a turn that was cut off. */
  #over: { reply: voice.SpeechHandle; isRemainder: boolean } | undefined;
  /** Speech of the turn that was asked about already, or was too short, ms: LiveKit counts all of a turn's. */
  #doneMs = 0;
  #cancelWait = () => {};

  constructor(session: voice.AgentSession, { say, limit }: AskAgainSettings, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#limit = limit;
    this.#ask = isolated('askAgain', (unheard: UnheardSpeech) => this.#say(say, unheard));
  }

  onUser({ newState }: voice.UserStateChangedEvent): void {
    if (newState !== 'speaking') return;
    this.#cancelWait();
    this.#hasInterim = false;
    const reply = activeReply(this.#session);
    const isRemainder = this.#clock.nowMs() - this.#committedMs <= REPAIR_WITHIN_MS;
    this.#over = reply && { reply, isRemainder };
  }

  onWords({ transcript, isFinal, language }: voice.UserInputTranscribedEvent): void {
    if (transcript.trim() === '') return;
    this.#language = language ?? this.#language;
    this.#hasInterim = !isFinal;
    if (!isFinal) return;
    this.#asked = 0;
    this.#cancelWait();
  }

  onCommit(): void {
    this.#committedMs = this.#clock.nowMs();
    this.#doneMs = 0;
  }

  /** LiveKit has waited for a transcript in vain. */
  onTimeout({ speechDuration }: voice.UserTranscriptionTimeoutEvent): void {
    const speechMs = speechDuration - Math.min(this.#doneMs, speechDuration);
    this.#doneMs = speechDuration;
    const waitedMs = this.#session.sessionOptions.transcriptionTimeout ?? ASK_AFTER_MS;
    const { stt } = activityParts(this.#session);
    const eager = stt instanceof EagerSTT ? stt : undefined;
    const isFinalDue = (this.#hasInterim && !eager?.endedEmpty) || eager?.isCatchingUp;
    const isLocal = (eager?.inner ?? stt) instanceof LocalSTT;
    const language = this.#language ?? (isLocal ? 'en' : undefined);
    const unheard: UnheardSpeech = {
      speechMs,
      endedMs: this.#clock.nowMs() - waitedMs,
      ...(language === undefined ? {} : { language }),
    };
    this.#cancelWait();
    if (!isFinalDue) this.#askIfFree(unheard);
    else this.#cancelWait = this.#clock.schedule(FINAL_WAIT_MS, () => this.#askIfFree(unheard));
  }

  close(): void {
    this.#cancelWait();
  }

  #askIfFree(unheard: UnheardSpeech): void {
    if (unheard.speechMs < MIN_SPEECH_MS) return;
    const over = this.#over;
    // The reply went on or has ended by itself: what the caller said over it was "mhm", or its echo.
    const isIgnored = over !== undefined && !over.reply.interrupted;
    const isRemainder = over?.isRemainder && unheard.speechMs >= REMAINDER_MS;
    if (isIgnored && !isRemainder) return;
    const reply = activeReply(this.#session);
    if (reply && !(isRemainder && reply === over?.reply && reply.allowInterruptions)) return;
    if (this.#asked >= this.#limit) {
      this.#reportDeaf();
      return;
    }
    reply?.interrupt();
    this.#ask(unheard);
  }

  #say(askAgain: AskAgain, unheard: UnheardSpeech): void {
    const session = this.#session;
    asking.set(session, unheard);
    try {
      const text = typeof askAgain === 'string' ? askAgain : askAgain(unheard);
      if (text !== undefined) session.say(text);
      else if (askAgain === ASK_IN_LANGUAGE)
        session.generateReply({ instructions: INSTRUCTIONS, toolChoice: 'none' });
      this.#asked += 1;
      const { stt } = activityParts(session);
      // The caller will say it again: an answer to what was lost must not follow.
      if (stt instanceof EagerSTT) stt.forgetAudio();
    } finally {
      asking.delete(session);
    }
  }

  /** The caller was asked several times and is still not understood: the session reports an error of the STT. */
  #reportDeaf(): void {
    const { stt } = activityParts(this.#session);
    if (!stt || stt.listenerCount('error') === 0) return;
    const error = new APIConnectionError({
      message: `The STT has sent no words for what the caller said, although they were asked ${this.#asked} times in a row to repeat it. Check its service, and the caller's audio.`,
    });
    stt.emit('error', {
      type: 'stt_error',
      timestamp: Date.now(),
      label: stt.label,
      error,
      recoverable: true,
    });
  }
}

/**
 * Asks again after speech that brought no words. The session's `transcriptionTimeout` must be set: it decides when.
 *
 * @returns a function that disconnects it
 */
export function attachAskAgain(
  session: voice.AgentSession,
  settings: AskAgainSettings,
  clock: Clock = systemClock,
): () => void {
  const lever = new AskAgainLever(session, settings, clock);
  const stops: (() => void)[] = [];
  const on = listenTo(session, stops);
  on(Event.UserStateChanged, (event) => lever.onUser(event));
  on(Event.UserInputTranscribed, (event) => lever.onWords(event));
  on(Event.UserTranscriptionTimeout, (event) => lever.onTimeout(event));
  on(Event.MetricsCollected, ({ metrics }) => {
    if (metrics.type === 'eou_metrics') lever.onCommit();
  });
  return () => {
    for (const stop of stops) stop();
    lever.close();
  };
}
