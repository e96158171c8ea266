import { type Clock, FirstwordError, sameWords } from '@firstword/turn';
import { llm } from '@livekit/agents';

/**
 * The user's own work before each answer: retrieval, checks, look-ups. It has the arguments of LiveKit's
 * `onUserTurnCompleted`, and edits them in the same way, but they are copies: what it adds is for this answer alone.
 *
 * It takes part in the speculation: it may run on words that turn out to be others, several times in a turn, and while
 * the caller still speaks. So it must only read: book, charge or store in a tool, which runs after the commit.
 */
export type Prepare = (
  chatCtx: llm.ChatContext,
  newMessage: llm.ChatMessage,
  turn: {
    /** The caller's words changed, the answer is no longer wanted, or it took too long: stop. */
    signal: AbortSignal;
    /** The caller's turn is not over yet. */
    speculative: boolean;
  },
) => void | Promise<void>;

/** What is asked of the LLM, in the parts that decide what is to be prepared. */
export interface PrepareInput {
  /** Everything before the caller's newest words. */
  before: llm.ChatItem[];
  message: llm.ChatMessage;
}

/** The user's work for some words in some context, done once however often they are asked. */
interface Entry extends PrepareInput {
  result: Promise<PrepareInput>;
  controller: AbortController;
  startedMs: number;
  endedMs?: number;
  /** Requests that wait for it. */
  waiting: number;
  cancelStop?: (() => void) | undefined;
}

/** One request's share in an `Entry`. */
export interface PreparationLease {
  result: Promise<PrepareInput>;
  readonly startedMs: number;
  readonly endedMs: number | undefined;
  /** It is no longer waited for. */
  release(): void;
}

/** LiveKit cancels a request before it makes the next one; asked with the same words, that one takes the work over. */
const REUSE_WITHIN_MS = 20;

/** What an LLM is shown: LiveKit's notes of hand-offs and settings come and go. */
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

/** Runs the user's work, keeps its newest result for as long as the words and the context are the same. */
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

  /** Whether the newest work was for this. */
  has(asked: PrepareInput): boolean {
    const newest = this.#newest;
    return (
      newest !== undefined &&
      sameWords(newest.message.textContent ?? '', asked.message.textContent ?? '') &&
      sameContext(newest.before, asked.before)
    );
  }

  /** The work for this, begun unless it has been already. `result` rejects with a `FirstwordError`, or what was thrown. */
  acquire(asked: PrepareInput, speculative: boolean): PreparationLease {
    const newest = this.#newest;
    const again = newest !== undefined && this.has(asked);
    if (newest && !again && newest.waiting === 0 && newest.endedMs === undefined) this.#stop(newest);
    const entry = again ? newest : this.#begin(asked, speculative);
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

  /** Stops what runs. */
  close(): void {
    const newest = this.#newest;
    newest?.cancelStop?.();
    if (newest && newest.endedMs === undefined) this.#stop(newest);
    this.#newest = undefined;
  }

  #begin(asked: PrepareInput, speculative: boolean): Entry {
    const controller = new AbortController();
    const { signal } = controller;
    const message = copyOf(asked.message);
    const chatCtx = new llm.ChatContext(asked.before.map(copyOfItem));
    const stopped = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    const work = async (): Promise<PrepareInput> => {
      await this.#prepare(chatCtx, message, { signal, speculative });
      return { before: chatCtx.items, message };
    };
    const cancelTimeout = this.#clock.schedule(this.#timeoutMs, () => controller.abort(this.#tooLong()));
    const entry: Entry = {
      ...asked,
      before: [...asked.before],
      message: copyOf(asked.message),
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
    entry.controller.abort(new FirstwordError('aborted', 'The answer is no longer wanted.'));
  }

  #tooLong(): FirstwordError {
    const message = `prepare() took longer than ${this.#timeoutMs} ms. Make it faster, or raise timeoutMs.`;
    return new FirstwordError('timeout', message, { retryable: true });
  }
}
