import type { ChatEvent, ChatRequest } from '../chat.js';
import { estimateTokens } from '../policy/estimate-tokens.js';
import { continuation } from '../policy/stall/continuation.js';
import { AFTER_FINISH_MS, Deadline } from '../stream/deadline.js';
import { scheduleAfterReads } from '../stream/schedule-after-reads.js';
import { newTrace, type RequestTrace, type RouteAttempt } from '../trace.js';
import { Attempt, type AttemptEvents } from './attempt.js';
import { decideNext } from './decide-next.js';
import { allFailed, sentNothing } from './errors.js';
import { finishExploration } from './finish-exploration.js';
import { GiveUpTimer } from './give-up-timer.js';
import { HedgeTimer } from './hedge-timer.js';
import { type ChatSink, PassedOn } from './passed-on.js';
import { recordFirstContent, recordLeft, recordLimits, recordLoss } from './record-attempt.js';
import { closeTrace, copyWinnerTrace } from './route-trace.js';
import type { RouterState } from './router-state.js';
import type { RouteSettings } from './settings.js';

type Reason = RouteAttempt['reason'];

/** One answer, from one or more attempts. It takes no decisions of its own: the router's state and the policies do. */
export class RoutedChat implements AttemptEvents {
  readonly trace: RequestTrace;
  readonly #settings: RouteSettings;
  readonly #state: RouterState;
  readonly #sink: ChatSink;
  readonly #tokens: number;
  readonly #order: number[];
  readonly #attempts: Attempt[] = [];
  readonly #timers = new Set<() => void>();
  readonly #stall: Deadline;
  readonly #giveUpTimer: GiveUpTimer;
  readonly #hedgeTimer: HedgeTimer;
  readonly #holdUntilClause: boolean;
  #request: ChatRequest;
  #winner: Attempt | undefined;
  /** Cancels the exploration request that is still being measured. */
  #stopExploration: (() => void) | undefined;
  readonly #passedOn = new PassedOn();
  #released = false;
  #settled = false;

  constructor(options: {
    settings: RouteSettings;
    state: RouterState;
    request: ChatRequest;
    sink: ChatSink;
    /** Default: that of the settings. */
    holdUntilClause?: boolean | undefined;
  }) {
    const { settings, state, request, sink } = options;
    this.#holdUntilClause = options.holdUntilClause ?? settings.holdUntilClause;
    this.#settings = settings;
    this.#state = state;
    this.#sink = sink;
    this.#request = request;
    this.#tokens = estimateTokens(request);
    this.#stall = new Deadline(settings.clock);
    this.#giveUpTimer = new GiveUpTimer({ settings, onPassed: () => this.#onWaitPassed() });
    this.#hedgeTimer = new HedgeTimer({
      clock: settings.clock,
      delayMs: ({ index }, priorWaitMs) => state.hedgeDelayMs(index, priorWaitMs),
      onDue: (attempt) => this.#onHedgeDue(attempt),
    });
    const { order, explore } = state.plan(request, this.#tokens);
    this.#order = order;
    const first = settings.models[order[0]!]!;
    this.trace = {
      ...newTrace({ provider: first.provider, model: first.model }),
      attempts: [],
      decisions: [],
    };
    this.trace.marks.llmRequested = settings.clock.nowMs();
    state.recordRequest(this.#tokens);
    this.#giveUpTimer.start(this.#attempts);
    this.#launch(order[0]!, 'primary');
    if (explore !== undefined && !this.#settled) {
      this.#recordDecision('explore');
      this.#launch(explore, 'hedge', { exploring: true });
    } else if (state.hedgesImmediately()) this.#onHedgeDue(this.#attempts[0]!);
  }

  /** Cancels every attempt. The stream ends without an error. */
  cancel(): void {
    if (!this.#settle('cancelled')) return;
    for (const attempt of this.#attempts) if (attempt.racing) recordLeft(this.#observed(attempt));
    this.#stopExploration?.();
    this.#stopAll();
  }

  /** Notes in the trace that an identical request shares this answer. */
  recordCoalesced(): void {
    this.#recordDecision('coalesced with an identical request');
  }

  /** No caller is waiting: a hedge that comes due is deferred until one is. */
  setUnawaited(): void {
    this.#hedgeTimer.setUnawaited();
  }

  /** A caller is waiting, since `sinceMs` (`undefined`: since the request). */
  setAwaited(sinceMs: number | undefined): void {
    const again = this.#hedgeTimer.setAwaited(this.#attempts[0]!, sinceMs);
    if (again && !this.#settled && !this.#winner) this.#hedgeTimer.schedule(again);
  }

  onEvent(attempt: Attempt, event: ChatEvent): void {
    const { inToolCall: wasInToolCall, complete: wasComplete } = attempt;
    attempt.note(event, this.#settings.clock.nowMs());
    const isProgress = event.type !== 'frame' || event.events.length > 0;
    if (this.#winner === attempt && this.#released) {
      if (isProgress) this.#stall.touch();
      this.#pass(event);
    } else {
      recordLimits(attempt, this.#state);
      attempt.hold(event);
      if (!this.#winner && attempt.holdsContent) this.#selectWinner(attempt);
      if (this.#winner !== attempt) return;
      if (isProgress) this.#stall.touch();
      // Says nothing yet: the answer can still be replaced.
      if (event.type === 'toolCallDelta') this.#pass(event);
      else if (this.#released || !this.#holdUntilClause || attempt.readyToRelease) this.#release(attempt);
    }
    if (attempt.complete && !wasComplete) this.#finishSoon();
    else if (!attempt.complete && attempt.inToolCall !== wasInToolCall) this.#watchForStall(attempt);
  }

  room(attempt: Attempt): Promise<void> | undefined {
    return this.#winner === attempt && this.#released ? this.#sink.room() : undefined;
  }

  onEnd(attempt: Attempt): void {
    recordLimits(attempt, this.#state);
    if (this.#winner === attempt) {
      this.#release(attempt);
      this.#finish();
    } else {
      attempt.end('empty', this.#settings.clock.nowMs());
      attempt.record.outcome = 'failed';
      attempt.record.error = 'empty';
      this.#state.recordEmpty(attempt.index);
      this.#recordDecision('empty answer');
      this.#advance();
    }
  }

  onFailed(attempt: Attempt, error: unknown): void {
    if (attempt.complete) {
      this.onEnd(attempt);
      return;
    }
    recordLimits(attempt, this.#state);
    attempt.fail(error, this.#settings.clock.nowMs());
    this.#state.recordFailure(attempt.index, error);
    if (this.#winner !== attempt) this.#advance();
    else if (this.#released) this.#onBroken(attempt);
    else {
      this.#winner = undefined;
      this.#stall.stop();
      this.#advance('replace');
    }
  }

  #launch(index: number, reason: Reason, options: { exploring?: boolean } = {}): void {
    const { models, clock, firstContentDeadlineMs } = this.#settings;
    const model = models[index]!;
    const startedMs = clock.nowMs();
    this.trace.requests += 1;
    this.#state.recordSent(index, { tokens: this.#tokens, extra: reason !== 'primary' });
    const duplicate = this.#attempts.some((other) => other.index === index && other.racing);
    const chat = model.chat(this.#request, { explainErrors: false });
    const attempt = new Attempt({ index, model, chat, startedMs, reason, duplicate, ...options });
    this.#attempts.push(attempt);
    this.trace.attempts!.push(attempt.record);
    void attempt.read(this);
    this.#after(firstContentDeadlineMs, () => this.#onDeadline(attempt));
    // A hedge to the same model gets a hedge itself, to another model: a model that does not answer twice may be
    // down.
    const again = models.length > 1 && this.#attempts.filter((other) => other.index === index).length > 1;
    if (reason !== 'hedge' || again) this.#hedgeTimer.schedule(attempt);
  }

  /** The first content has arrived: stops the other attempts. Exploration requests may continue to be measured. */
  #selectWinner(attempt: Attempt): void {
    this.#winner = attempt;
    this.#stopTimers();
    attempt.record.outcome = 'won';
    recordFirstContent(this.#observed(attempt));
    for (const loser of this.#attempts)
      if (loser !== attempt && loser.active) this.#stopLoser(loser, attempt);
    copyWinnerTrace(this.trace, attempt.chat.trace, { first: attempt === this.#attempts[0] });
    this.#watchForStall(attempt);
  }

  /** Starts the timer for pauses of the winner. */
  #watchForStall({ inToolCall }: Attempt): void {
    const { stall, firstContentDeadlineMs } = this.#settings;
    const unheardMs = inToolCall
      ? Math.max(stall.beforeClauseMs, firstContentDeadlineMs)
      : stall.beforeClauseMs;
    this.#stall.quiet(this.#released ? stall.afterClauseMs : unheardMs, () => this.#onStall());
  }

  #contextOf({ duplicate }: Attempt) {
    return { duplicate, ...this.#hedgeTimer.context };
  }

  #stopLoser(loser: Attempt, winner: Attempt): void {
    if (loser.exploring && loser.record.firstContentMs === undefined) {
      const [state, settings] = [this.#state, this.#settings];
      this.#stopExploration = finishExploration({ attempt: loser, state, settings });
      return;
    }
    loser.end('stopped', this.#settings.clock.nowMs());
    loser.record.outcome = 'cancelled';
    loser.lostRace = loser.record.firstContentMs === undefined;
    recordLoss({ ...this.#observed(loser), fair: loser.startedMs <= winner.startedMs });
  }

  #observed(attempt: Attempt) {
    const nowMs = this.#settings.clock.nowMs();
    return { attempt, state: this.#state, nowMs, context: this.#contextOf(attempt) };
  }

  /** Passes the held events to the reader. From here on they may be spoken. */
  #release(attempt: Attempt): void {
    if (!this.#released) {
      this.#released = true;
      this.#watchForStall(attempt);
    }
    this.#giveUpTimer.stop();
    for (const event of attempt.takeHeld()) this.#pass(event);
  }

  #pass(event: ChatEvent): void {
    this.#passedOn.note(event);
    this.#sink.push(event);
  }

  #onHedgeDue(attempt: Attempt): void {
    if (this.#settled || this.#winner || !attempt.active || attempt.hasContent) return;
    if (this.#attempts.some((other) => other.index !== attempt.index && other.inTime)) return;
    const candidate = this.#state.hedgeCandidate({
      order: this.#order,
      waiting: attempt.index,
      tried: this.#attempts.map(({ index }) => index),
      tokens: this.#tokens,
    });
    if (typeof candidate === 'string') this.#recordDecision(`hedge refused: ${candidate}`);
    else this.#launch(candidate, 'hedge');
  }

  #onDeadline(attempt: Attempt): void {
    if (this.#winner || attempt.state !== 'running' || attempt.hasContent) return;
    attempt.state = 'late';
    this.#recordDecision('first-content deadline passed');
    this.#advance();
  }

  #onStall(): void {
    const stalled = this.#winner;
    if (!stalled || this.#settled) return;
    // The reader is behind, not the model: nothing is read until it has caught up.
    if (this.#released && this.#sink.room()) this.#watchForStall(stalled);
    else if (this.#released) {
      stalled.end('stopped', this.#settings.clock.nowMs());
      stalled.record.outcome = 'failed';
      stalled.record.error = 'stalled';
      this.#state.recordStall(stalled.index);
      this.#onBroken(stalled);
    } else {
      // The stream may still resume, so it stays in the race with its held text.
      this.#winner = undefined;
      stalled.state = 'late';
      stalled.record.outcome = 'cancelled';
      this.#recordDecision('stalled before its first clause');
      this.#advance('replace');
    }
  }

  /** The answer broke after part of it was passed on. */
  #onBroken({ error, inToolCall, record }: Attempt): void {
    this.#winner = undefined;
    this.#stall.stop();
    const { onBreak, afterClauseMs: afterMs } = this.#settings.stall;
    const continues = onBreak === 'continue' && this.#passedOn.continuable(this.#request);
    const next = continues ? this.#next() : undefined;
    if (next?.do === 'launch') {
      this.#recordDecision('continued by another model');
      this.#request = continuation(this.#request, this.#passedOn.text);
      this.#giveUpTimer.start(this.#attempts);
      this.#launch(next.model, 'replace');
    } else if (inToolCall || (this.#passedOn.calledTool && error !== undefined)) {
      this.#fail(error ?? sentNothing(record, { missing: 'next part of a tool call', afterMs }));
    } else {
      this.#recordDecision('ended early: the stream broke');
      this.#sink.push({ type: 'finish', reason: 'cut_short' });
      this.#finish();
    }
  }

  /** The caller has waited too long for the first content, and no attempt is sending anything. */
  #onWaitPassed(): void {
    const { clock, giveUpAfterMs } = this.#settings;
    this.#recordDecision('gave up waiting for the first content');
    for (const attempt of this.#attempts) {
      if (!attempt.racing) continue;
      attempt.chat.cancel();
      const error = sentNothing(attempt.record, { missing: 'text or tool call', afterMs: giveUpAfterMs });
      attempt.fail(error, clock.nowMs());
      recordLoss({ ...this.#observed(attempt), fair: true });
    }
    this.#giveUp();
  }

  /** An attempt failed before anything was passed on: starts the next one if the failover policy says so. */
  #advance(reason: Reason = 'failover'): void {
    if (this.#settled || this.#attempts.some(({ inTime }) => inTime)) return;
    const next = this.#next();
    if (next.do === 'launch') this.#launch(next.model, reason);
    else if (next.do === 'wait') {
      this.#recordDecision('waiting to retry');
      this.#after(next.untilMs - this.#settings.clock.nowMs(), () => this.#advance(reason));
    } else if (!this.#attempts.some(({ racing }) => racing)) this.#giveUp();
  }

  #next() {
    return decideNext(this.#attempts, this.#order, this.#settings);
  }

  /** No attempt is left. An empty answer still counts as an answer if there is nothing better. */
  #giveUp(): void {
    const empty = this.#released ? undefined : this.#attempts.find(({ state }) => state === 'empty');
    if (empty) {
      copyWinnerTrace(this.trace, empty.chat.trace, { first: empty === this.#attempts[0] });
      for (const event of empty.takeHeld()) this.#sink.push(event);
      this.#finish();
    } else if (this.#released) {
      this.#sink.push({ type: 'finish', reason: 'cut_short' });
      this.#finish();
    } else this.#fail(allFailed(this.#attempts));
  }

  /** The answer is complete; its `usage` may follow. */
  #finishSoon(): void {
    this.#stall.quiet(AFTER_FINISH_MS, () => (this.#sink.room() ? this.#finishSoon() : this.#finish()));
  }

  #finish(): void {
    if (!this.#settle('finished')) return;
    if (this.#winner) this.#state.recordFinished(this.#winner.index);
    this.#stopAll();
    this.#sink.end();
  }

  #fail(error: unknown): void {
    if (!this.#settle('failed')) return;
    this.#stopAll();
    this.#sink.fail(error);
  }

  #settle(outcome: RequestTrace['outcome']): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#stopTimers();
    this.#stall.stop();
    this.#giveUpTimer.stop();
    closeTrace(this.trace, {
      outcome,
      answeredBy: this.#winner?.chat.trace,
      attempts: this.#attempts,
      tokens: this.#tokens,
    });
    return true;
  }

  #stopTimers(): void {
    this.#hedgeTimer.stop();
    for (const stop of this.#timers) stop();
    this.#timers.clear();
  }

  #stopAll(): void {
    for (const attempt of this.#attempts)
      if (attempt.racing) attempt.end('stopped', this.#settings.clock.nowMs());
  }

  #recordDecision(decision: string): void {
    this.trace.decisions!.push({ atMs: this.#settings.clock.nowMs(), decision });
  }

  #after(delayMs: number, act: () => void): void {
    const stop = scheduleAfterReads(this.#settings.clock, delayMs, () => {
      this.#timers.delete(stop);
      if (!this.#settled) act();
    });
    this.#timers.add(stop);
  }
}
