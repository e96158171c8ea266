import type { voice } from '@livekit/agents';

/** Tracks the session's speech handles: which are speculations, which have failed, and whether a reply is active. */
export class SpeechTracker {
  readonly #session: voice.AgentSession;
  readonly #onFree: () => void;
  readonly #onDropped: () => void;
  #newestSpeculation: string | undefined;
  readonly #handles = new Set<voice.SpeechHandle>();
  readonly #speculations = new Set<string>();
  readonly #failed = new Set<string>();

  /**
   * @param options.onFree the last active reply has ended and its words are in the chat context
   * @param options.onDropped the newest speculation has ended without a commit, for example at a hand-off
   */
  constructor(options: { session: voice.AgentSession; onFree: () => void; onDropped: () => void }) {
    this.#session = options.session;
    this.#onFree = options.onFree;
    this.#onDropped = options.onDropped;
  }

  add(handle: voice.SpeechHandle): void {
    this.#handles.add(handle);
    // LiveKit schedules a speculation only at the commit; it schedules any other reply before this tick ends.
    queueMicrotask(() => {
      if (handle.scheduled) return;
      this.#speculations.add(handle.id);
      this.#newestSpeculation = handle.id;
    });
    handle.addDoneCallback(() => {
      this.#handles.delete(handle);
      this.#speculations.delete(handle.id);
      this.#failed.delete(handle.id);
      if (!handle.scheduled && handle.id === this.#newestSpeculation) this.#onDropped();
      if (handle.scheduled && !this.isReplyActive) this.#onFree();
    });
  }

  isSpeculation(id: string | undefined): boolean {
    return id !== undefined && this.#speculations.has(id);
  }

  /**
   * Whether a reply is active, its tools included. Meanwhile LiveKit drops speculations, or answers twice
   * (agents-js#1365). An interrupted reply stays active until its words are in the chat context: a speculation started
   * before that has a different context from the turn, and is discarded at the commit.
   */
  get isReplyActive(): boolean {
    return [...this.#handles].some((handle) => handle.scheduled && !handle.done());
  }

  /**
   * Interrupts replies that the caller has already talked over. LiveKit only pauses them, and interrupts them at the final
   * transcript, which is too late for a speculation. A reply that is being played is left alone.
   */
  interruptReplies(words: number): void {
    const { agentState, userState, sessionOptions } = this.#session;
    if (userState !== 'speaking' || agentState === 'speaking') return;
    if (words < (sessionOptions.turnHandling.interruption?.minWords ?? 0)) return;
    for (const handle of this.#handles) {
      if (handle.scheduled && handle.allowInterruptions && !handle.interrupted) handle.interrupt();
    }
  }

  /**
   * Generates the answer to the caller's newest words again, if nothing of it has been played. An answer that is being
   * played goes on, and so does one that has called a tool: a tool with side effects must not run twice.
   */
  regenerateReply(): void {
    const { agentState, history } = this.#session;
    const asked = history.items.findLastIndex((item) => item.type === 'message' && item.role === 'user');
    if (agentState === 'speaking' || history.items.length > asked + 1) return;
    const reply = [...this.#handles].find((h) => h.scheduled && !h.interrupted && !h.done());
    if (!reply?.allowInterruptions) return;
    reply.interrupt();
    this.#session.generateReply();
  }

  /** Notes that the LLM failed. Returns whether that was a speculation's request: no other request runs meanwhile. */
  noteFailure(): boolean {
    if (this.isReplyActive) return false;
    const waiting = [...this.#handles].filter(
      (h) => this.#speculations.has(h.id) && !h.interrupted && !h.done(),
    );
    for (const { id } of waiting) this.#failed.add(id);
    return waiting.length > 0;
  }

  /** Whether the speculation that waits for the commit has failed, and so has no answer. */
  get hasFailedSpeculation(): boolean {
    return [...this.#handles].some((h) => this.#failed.has(h.id) && !h.scheduled && !h.interrupted);
  }
}
