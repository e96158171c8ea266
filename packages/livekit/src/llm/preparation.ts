import { type Clock, FirstwordError, sameWords } from '@firstword/turn';
import { llm } from '@livekit/agents';

/**
 * Your own work before each answer: retrieval, checks, look-ups. It gets the arguments of LiveKit's `onUserTurnCompleted`
 * and edits them in the same way, but they are copies: its changes apply to this answer only.
 *
 * It runs as part of the speculation: perhaps on words that turn out to be wrong, several times a turn, and while the caller
 * still speaks. So it must only read. Book, charge or store in a tool, which runs after the commit.
 */
export type Prepare = (
  chatCtx: llm.ChatContext,
  newMessage: llm.ChatMessage,
  turn: {
    /** Fires when the caller's words changed, the answer was cancelled, or the timeout has passed. */
    signal: AbortSignal;
    /** The caller's turn is not over yet. */
    speculative: boolean;
  },
) => void | Promise<void>;

/** The input of `prepare`: the caller's newest message and the context before it. */
export interface PrepareInput {
  /** All items before the caller's newest message. */
  before: llm.ChatItem[];
  message: llm.ChatMessage;
}

/** One run of `prepare` for one message in one context, shared by all requests for it. */
interface Entry extends PrepareInput {
  result: Promise<PrepareInput>;
  controller: AbortController;
  startedMs: number;
  endedMs?: number;
  /** Number of requests that wait for it. */
  waiting: number;
  cancelStop?: (() => void) | undefined;
}

/** One request's use of a run of `prepare`. */
export interface PreparationLease {
  result: Promise<PrepareInput>;
  readonly startedMs: number;
  readonly endedMs: number | undefined;
  /** The request no longer waits for it. */
  release(): void;
}

/** LiveKit cancels a request before it makes the next. If that has the same words within this time, it reuses the run, ms. */
const REUSE_WITHIN_MS = 20;

/** Whether an LLM receives the item. LiveKit's items about hand-offs and settings are ignored in comparing contexts. */
const isShown = (item: llm.ChatItem) =>
  item.type === 'message' || item.type === 'function_call' || item.type === 'function_call_output';

function sameContext(a: llm.ChatItem[], b: llm.ChatItem[]): boolean {
  const shown = (items: llm.ChatItem[]) => new llm.ChatContext(items.filter(isShown));
  return shown(a).isEquivalent(shown(b));
}

/** A message whose content can be edited without touching the history it comes from. */
function copyOf(message: llm.ChatMessage): llm.ChatMessage {
  const { id, role, content, interrupted, createdAt, transcriptConfidence, metrics, extra } = message;
  return llm.ChatMessage.create({
    ...{ id, role, interrupted, createdAt },
    content: [...content],
    metrics: { ...metrics },
    extra: { ...extra },
    ...(transcriptConfidence === undefined ? {} : { transcriptConfidence }),
  });
}

const copyOfItem = (item: llm.ChatItem) => (item.type === 'message' ? copyOf(item) : item);

/** Runs `prepare` and keeps the newest result for as long as words and context are the same. */
export class Preparations {
  readonly #prepare: Prepare;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #newest: Entry | undefined;

  constructor(options: { prepare: Prepare; timeoutMs: number; clock: Clock }) {
    this.#prepare = options.prepare;
    this.#timeoutMs = options.timeoutMs;
    this.#clock = options.clock;
  }

  /** Whether the newest run was for this input. */
  has(input: PrepareInput): boolean {
    const newest = this.#newest;
    return (
      newest !== undefined &&
      sameWords(newest.message.textContent ?? '', input.message.textContent ?? '') &&
      sameContext(newest.before, input.before)
    );
  }

  /** The run for this input, started if there is none. `result` rejects with a `FirstwordError`, or what `prepare` threw. */
  acquire(input: PrepareInput, speculative: boolean): PreparationLease {
    const newest = this.#newest;
    const again = newest !== undefined && this.has(input);
    if (newest && !again && newest.waiting === 0 && newest.endedMs === undefined) this.#stop(newest);
    const entry = again ? newest : this.#begin(input, speculative);
    entry.cancelStop?.();
    entry.waiting++;
    let released = false;
    return {
      result: entry.result,
      startedMs: entry.startedMs,
      get endedMs() {
        return entry.endedMs;
      },
      release: () => {
        if (released) return;
        released = true;
        entry.waiting--;
        if (entry.waiting > 0 || entry.endedMs !== undefined) return;
        if (entry !== this.#newest) this.#stop(entry);
        else entry.cancelStop = this.#clock.schedule(REUSE_WITHIN_MS, () => this.#stop(entry));
      },
    };
  }

  /** Aborts a run in progress. */
  close(): void {
    const newest = this.#newest;
    newest?.cancelStop?.();
    if (newest && newest.endedMs === undefined) this.#stop(newest);
    this.#newest = undefined;
  }

  #begin(input: PrepareInput, speculative: boolean): Entry {
    const controller = new AbortController();
    const { signal } = controller;
    const message = copyOf(input.message);
    const chatCtx = new llm.ChatContext(input.before.map(copyOfItem));
    const stopped = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    const work = async (): Promise<PrepareInput> => {
      await this.#prepare(chatCtx, message, { signal, speculative });
      return { before: chatCtx.items, message };
    };
    const cancelTimeout = this.#clock.schedule(this.#timeoutMs, () => controller.abort(this.#tooLong()));
    const entry: Entry = {
      ...input,
      before: [...input.before],
      message: copyOf(input.message),
      controller,
      startedMs: this.#clock.nowMs(),
      waiting: 0,
      result: Promise.race([work(), stopped]),
    };
    const end = (failed: boolean) => {
      cancelTimeout();
      entry.endedMs = this.#clock.nowMs();
      if (failed && this.#newest === entry) this.#newest = undefined;
    };
    entry.result.then(
      () => end(false),
      () => end(true),
    );
    this.#newest = entry;
    return entry;
  }

  #stop(entry: Entry): void {
    entry.cancelStop?.();
    entry.controller.abort(new FirstwordError('aborted', 'The answer was cancelled.'));
  }

  #tooLong(): FirstwordError {
    const message = `prepare() took longer than ${this.#timeoutMs} ms. Make it faster, or raise timeoutMs.`;
    return new FirstwordError('timeout', message, { retryable: true });
  }
}
