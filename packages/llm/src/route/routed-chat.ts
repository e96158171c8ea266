import type { ChatEvent, ChatRequest } from '../chat.js';
import { nextAttempt } from '../policy/failover/next-attempt.js';
import { continuation } from '../policy/stall/continuation.js';
import { roughTokens } from '../policy/tokens.js';
import { Deadline } from '../stream/deadline.js';
import { newTrace, type RequestTrace, type RouteAttempt } from '../trace.js';
import { allFailed } from './all-failed.js';
import type { Book } from './book.js';
import { CallersWait } from './callers-wait.js';
import { learnFrom } from './learn.js';
import { adoptTrace, closeTrace } from './route-trace.js';
import { Runner, type RunnerEvents } from './runner.js';
import type { RouteSettings } from './settings.js';

/** Where the events of an answer go. */
export interface ChatSink {
  push(event: ChatEvent): void;
  end(): void;
  fail(error: unknown): void;
}

type Reason = RouteAttempt['reason'];

/** One answer, from however many models it takes. Decides nothing itself: it asks the book and the policies. */
export class RoutedChat implements RunnerEvents {
  readonly trace: RequestTrace;
  readonly #settings: RouteSettings;
  readonly #book: Book;
  readonly #sink: ChatSink;
  readonly #tokens: number;
  readonly #order: number[];
  readonly #runners: Runner[] = [];
  readonly #timers = new Set<() => void>();
  readonly #stall: Deadline;
  readonly #wait: CallersWait;
  #request: ChatRequest;
  #winner: Runner | undefined;
  /** Stops an explorer that lost and may still go on. */
  #learning: (() => void) | undefined;
  /** Text that the reader has been given. */
  #spoken = '';
  #released = false;
  #calledTool = false;
  #settled = false;

  constructor(options: { settings: RouteSettings; book: Book; request: ChatRequest; sink: ChatSink }) {
    const { settings, book, request, sink } = options;
    this.#settings = settings;
    this.#book = book;
    this.#sink = sink;
    this.#request = request;
    this.#tokens = roughTokens(request);
    this.#stall = new Deadline(settings.clock);
    this.#wait = new CallersWait({
      clock: settings.clock,
      delayMs: ({ index }, headStartMs) => book.hedgeDelayMs(index, headStartMs),
      onDue: (runner) => this.#onHedgeTime(runner),
    });
    const { order, explore } = book.plan(request, this.#tokens);
    this.#order = order;
    const first = settings.models[order[0]!]!;
    this.trace = {
      ...newTrace({ provider: first.provider, model: first.model }),
      attempts: [],
      decisions: [],
    };
    this.trace.marks.llmRequested = settings.clock.nowMs();
    book.asked(this.#tokens);
    this.#launch(order[0]!, 'primary');
    if (explore !== undefined && !this.#settled) {
      this.#decide('explore');
      this.#launch(explore, 'hedge', { exploring: true });
    } else if (book.hedgesAtOnce()) this.#onHedgeTime(this.#runners[0]!);
  }

  cancel(): void {
    if (!this.#settle('cancelled')) return;
    for (const runner of this.#runners) {
      if (!runner.active || runner.handedOver) continue;
      if (runner.hasContent) this.#book.finished(runner.index);
      else {
        const waitedMs = this.#settings.clock.nowMs() - runner.startedMs;
        this.#book.abandoned(runner.index, waitedMs, this.#placeOf(runner));
      }
    }
    this.#learning?.();
    this.#stopAll();
  }

  noteAdoption(): void {
    this.#decide('adopted by an identical request');
  }

  /** Nobody waits for it: no hedge is sent meanwhile, and one that comes due is sent when somebody does. */
  unawaited(): void {
    this.#wait.unawaited();
  }

  /** Somebody waits for it, since then. */
  awaited(sinceMs: number | undefined): void {
    const again = this.#wait.awaited(this.#runners[0]!, sinceMs);
    if (again && !this.#settled && !this.#winner) this.#wait.time(again);
  }

  onEvent(runner: Runner, event: ChatEvent): void {
    if (this.#winner === runner && this.#released) {
      this.#stall.touch();
      this.#pass(event);
      return;
    }
    this.#listen(runner);
    runner.hold(event);
    if (!this.#winner && runner.holdsContent) this.#crown(runner);
    if (this.#winner !== runner) return;
    this.#stall.touch();
    if (this.#released || !this.#settings.holdUntilClause || runner.ripe) this.#release(runner);
  }

  onEnd(runner: Runner): void {
    this.#listen(runner);
    if (this.#winner === runner) {
      this.#release(runner);
      this.#finish();
    } else {
      runner.end('empty', this.#settings.clock.nowMs());
      runner.attempt.outcome = 'failed';
      runner.attempt.error = 'empty';
      this.#decide('empty answer');
      this.#advance();
    }
  }

  onFailed(runner: Runner, error: unknown): void {
    this.#listen(runner);
    runner.error = error;
    runner.end('failed', this.#settings.clock.nowMs());
    runner.attempt.outcome = 'failed';
    runner.attempt.error = errorCode(error);
    this.#book.failed(runner.index, error);
    if (this.#winner !== runner) this.#advance();
    else if (this.#released) this.#broken(error);
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
    const attempt: RouteAttempt = {
      provider: model.provider,
      model: model.model,
      reason,
      outcome: 'cancelled',
      startedMs,
    };
    this.trace.attempts!.push(attempt);
    this.trace.requests += 1;
    this.#book.sent(index, { tokens: this.#tokens, extra: reason !== 'primary' });
    const second = this.#runners.some((other) => other.index === index && other.racing);
    const chat = model.chat(this.#request);
    const runner = new Runner({ index, chat, startedMs, attempt, second, ...options });
    this.#runners.push(runner);
    void runner.read(this);
    this.#after(firstContentDeadlineMs, () => this.#onDeadline(runner));
    // A hedge with the same model is hedged in turn, with another: a model that is silent twice may be down.
    const again = models.length > 1 && this.#runners.filter((other) => other.index === index).length > 1;
    if (reason !== 'hedge' || again) this.#wait.time(runner);
  }

  /** The first content of the race is here: the others are stopped, unless one of them only stalled the race. */
  #crown(runner: Runner): void {
    const { clock, stall } = this.#settings;
    const nowMs = clock.nowMs();
    this.#winner = runner;
    this.#stopTimers();
    runner.attempt.outcome = 'won';
    if (runner.attempt.firstContentMs === undefined) {
      const { firstContent, llmRequested } = runner.chat.trace.marks;
      runner.attempt.firstContentMs = firstContent ?? nowMs;
      const ttftMs = (firstContent ?? nowMs) - (llmRequested ?? runner.startedMs);
      this.#book.answered(runner.index, ttftMs, this.#placeOf(runner));
    }
    for (const loser of this.#runners) if (loser !== runner && loser.active) this.#drop(loser, runner);
    adoptTrace(this.trace, runner.chat.trace, { first: runner === this.#runners[0] });
    this.#stall.quiet(this.#released ? stall.afterClauseMs : stall.beforeClauseMs, () => this.#onStall());
  }

  #placeOf({ second }: Runner) {
    return { second, ...this.#wait.place };
  }

  #drop(loser: Runner, winner: Runner): void {
    if (loser.exploring) {
      this.#learning = learnFrom({ runner: loser, book: this.#book, settings: this.#settings });
      return;
    }
    const nowMs = this.#settings.clock.nowMs();
    loser.end('stopped', nowMs);
    loser.attempt.outcome = 'cancelled';
    if (loser.attempt.firstContentMs !== undefined) {
      this.#book.stalled(loser.index);
      return;
    }
    loser.dropped = true;
    const race = { waitedMs: nowMs - loser.startedMs, fair: loser.startedMs <= winner.startedMs };
    this.#book.lost(loser.index, race, this.#placeOf(loser));
  }

  /** Hands over what is held: from here on it may be heard. */
  #release(runner: Runner): void {
    if (!this.#released) {
      this.#released = true;
      this.#stall.quiet(this.#settings.stall.afterClauseMs, () => this.#onStall());
    }
    for (const event of runner.takeHeld()) this.#pass(event);
  }

  #pass(event: ChatEvent): void {
    if (event.type === 'text') this.#spoken += event.text;
    if (event.type === 'toolCall') this.#calledTool = true;
    this.#sink.push(event);
  }

  #onHedgeTime(runner: Runner): void {
    if (this.#settled || this.#winner || !runner.active || runner.hasContent) return;
    if (this.#runners.some((other) => other.index !== runner.index && other.inTime)) return;
    const candidate = this.#book.hedgeCandidate({
      order: this.#order,
      waiting: runner.index,
      tried: this.#runners.map(({ index }) => index),
      tokens: this.#tokens,
    });
    if (typeof candidate === 'string') this.#decide(`hedge refused: ${candidate}`);
    else this.#launch(candidate, 'hedge');
  }

  #onDeadline(runner: Runner): void {
    if (this.#winner || runner.state !== 'running' || runner.hasContent) return;
    runner.state = 'late';
    this.#decide('first-content deadline passed');
    this.#advance();
  }

  #onStall(): void {
    const stalled = this.#winner;
    if (!stalled || this.#settled) return;
    if (this.#released) {
      stalled.end('stopped', this.#settings.clock.nowMs());
      stalled.attempt.outcome = 'failed';
      stalled.attempt.error = 'stalled';
      this.#book.stalled(stalled.index);
      this.#broken(undefined);
      return;
    }
    // It may yet go on: it stays in the race, and its held text with it.
    this.#winner = undefined;
    stalled.state = 'late';
    stalled.attempt.outcome = 'cancelled';
    this.#decide('stalled before its first clause');
    this.#advance('replace');
  }

  /** An answer that was already being heard broke off. */
  #broken(error: unknown): void {
    this.#winner = undefined;
    this.#stall.stop();
    const next = this.#settings.stall.onBreak === 'continue' && !this.#calledTool ? this.#next() : undefined;
    if (next?.do === 'launch') {
      this.#decide('continued by another model');
      this.#request = continuation(this.#request, this.#spoken);
      this.#launch(next.model, 'replace');
    } else if (this.#calledTool && error !== undefined) this.#fail(error);
    else {
      this.#decide('ended where it broke off');
      this.#sink.push({ type: 'finish', reason: 'cut_short' });
      this.#finish();
    }
  }

  /** Something went wrong before anything was heard: brings in the next model, if that is called for. */
  #advance(reason: Reason = 'failover'): void {
    if (this.#settled || this.#runners.some(({ inTime }) => inTime)) return;
    const next = this.#next();
    if (next.do === 'launch') this.#launch(next.model, reason);
    else if (next.do === 'wait') {
      this.#decide('waiting to ask again');
      this.#after(next.untilMs - this.#settings.clock.nowMs(), () => this.#advance(reason));
    } else if (!this.#runners.some(({ racing }) => racing)) this.#giveUp();
  }

  #next() {
    const { clock, maxAttempts, maxRetryWaitMs } = this.#settings;
    return nextAttempt({
      order: this.#order,
      attempts: this.#runners
        .filter(({ dropped, handedOver }) => !dropped && !handedOver)
        .map(({ index, state, endedMs, error }) => ({
          model: index,
          state: state === 'stopped' ? ('late' as const) : state,
          ...(endedMs === undefined ? {} : { endedMs }),
          retryable: (error as { retryable?: boolean } | undefined)?.retryable ?? false,
          retryAfterMs: (error as { retryAfterMs?: number } | undefined)?.retryAfterMs,
        })),
      nowMs: clock.nowMs(),
      maxAttempts,
      maxWaitMs: maxRetryWaitMs,
    });
  }

  /** Nobody is left. An answer of nothing is still an answer, if it is the only one. */
  #giveUp(): void {
    const empty = this.#released ? undefined : this.#runners.find(({ state }) => state === 'empty');
    if (empty) {
      adoptTrace(this.trace, empty.chat.trace, { first: empty === this.#runners[0] });
      for (const event of empty.takeHeld()) this.#sink.push(event);
      this.#finish();
    } else if (this.#released) {
      this.#sink.push({ type: 'finish', reason: 'cut_short' });
      this.#finish();
    } else this.#fail(allFailed(this.#runners));
  }

  #finish(): void {
    if (!this.#settle('finished')) return;
    if (this.#winner) this.#book.finished(this.#winner.index);
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
    closeTrace(this.trace, {
      outcome,
      answeredBy: this.#winner?.chat.trace,
      runners: this.#runners,
      tokens: this.#tokens,
    });
    return true;
  }

  #stopTimers(): void {
    this.#wait.stop();
    for (const stop of this.#timers) stop();
    this.#timers.clear();
  }

  #stopAll(): void {
    for (const runner of this.#runners)
      if (runner.active && !runner.handedOver) runner.end('stopped', this.#settings.clock.nowMs());
  }

  #listen(runner: Runner): void {
    if (!runner.heard) this.#book.heard(runner.index, runner.chat.trace);
    runner.heard = true;
  }

  #decide(decision: string): void {
    this.trace.decisions!.push({ atMs: this.#settings.clock.nowMs(), decision });
  }

  #after(delayMs: number, act: () => void): void {
    const stop = this.#settings.clock.schedule(delayMs, () => {
      this.#timers.delete(stop);
      if (!this.#settled) act();
    });
    this.#timers.add(stop);
  }
}

const errorCode = (error: unknown) => String((error as { code?: unknown } | null)?.code ?? 'internal');
