import type { voice } from '@livekit/agents';

/** The session's speeches: which were begun before their turn was over, and whether the agent holds the floor. */
export class SpeechTracker {
  readonly #session: voice.AgentSession;
  readonly #onFree: () => void;
  readonly #onDropped: () => void;
  #newestSpeculation: string | undefined;
  readonly #handles = new Set<voice.SpeechHandle>();
  readonly #speculations = new Set<string>();
  readonly #failed = new Set<string>();

  /**
   * @param options.onFree the last reply in hand has ended, its words are in the context
   * @param options.onDropped the newest speculation has ended without its commit, as with a hand-off
   */
  constructor(options: { session: voice.AgentSession; onFree: () => void; onDropped: () => void }) {
    this.#session = options.session;
    this.#onFree = options.onFree;
    this.#onDropped = options.onDropped;
  }

  add(handle: voice.SpeechHandle): void {
    this.#handles.add(handle);
    // A speculation stays unscheduled until the commit; any other reply is scheduled before this tick ends.
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
   * While a reply is in hand, its tools included, LiveKit drops speculations, or worse, answers twice (agents-js#1365).
   * One that was interrupted is in hand until its words are in the context: a speculation begun before that has another
   * context than the turn, and is thrown away at the commit.
   */
  get isReplyActive(): boolean {
    return [...this.#handles].some((handle) => handle.scheduled && !handle.done());
  }

  /**
   * Ends replies that the caller has talked into silence already. LiveKit only pauses them, and interrupts them at the
   * final transcript; with words on the table that is too late for a speculation. What is being heard is left alone.
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
   * Asks for the answer to the caller's newest words anew, where nothing of it has been heard. One that is being heard
   * goes on, and so does one that has called a tool: that may have booked something, and must not do so twice.
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

  /** The LLM failed. Where a speculation waits it was that one's request: nothing else asks meanwhile. */
  noteFailure(): boolean {
    if (this.isReplyActive) return false;
    const waiting = [...this.#handles].filter(
      (h) => this.#speculations.has(h.id) && !h.interrupted && !h.done(),
    );
    for (const { id } of waiting) this.#failed.add(id);
    return waiting.length > 0;
  }

  /** What waits for the commit has failed: it has nothing to say. */
  get hasFailedSpeculation(): boolean {
    return [...this.#handles].some((h) => this.#failed.has(h.id) && !h.scheduled && !h.interrupted);
  }
}
