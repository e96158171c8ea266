import { basename } from 'node:path';
import type { TurnObservation, TurnRecord } from '@firstword/turn';
import type { JsonObject } from './json.js';
import { ChatHistoryImport } from './livekit/chat-history.js';
import { impossibleValuesIn } from './livekit/impossible-values.js';
import { hasFigures } from './livekit/log-fields.js';
import { CONSOLE_LOG_WITHOUT_ENDS, LogTurns } from './livekit/log-turns.js';
import { kindsOf, metricsOfLog } from './livekit/logged-metrics.js';
import { MetricsOrder, type PlacedMetrics } from './livekit/metrics-order.js';
import {
  PIPECAT,
  type PipecatEvent,
  PipecatTurns,
  pipecatEventsOf,
  pipecatEventsOfRtvi,
} from './platforms/pipecat.js';
import { turnsOfRetell } from './platforms/retell.js';
import { turnsOfVapi } from './platforms/vapi.js';
import { chatItemsOfLogs } from './traces/otlp.js';
import { type BlockedSpan, TraceImport } from './traces/trace-turns.js';

/** Where a line was read. */
export interface LinePlace {
  file: string;
  line: number;
}

/** A line, and what was found around it. */
export interface Origin {
  at: LinePlace;
  /** When it was written, as a log collector notes it; Unix ms. */
  atMs: number | undefined;
  /** The program that wrote it, in a log of several. */
  source: string | undefined;
  /** How many layers were taken off: a JSON text in a log entry in an array is two deep. */
  depth: number;
}

/** A turn as a source gives it. */
export interface SourcedTurn {
  turn: TurnRecord | TurnObservation;
  /** `file:line`. */
  place: string;
  /** What its source reports that cannot be true. */
  impossibleValues: readonly string[];
}

/** `file:line` of a line. */
export const placeText = ({ file, line }: LinePlace): string => `${file}:${line}`;

/** The call id if a log names no call: the log's file, and the program in it. */
const nameOf = ({ at, source }: Origin): string =>
  `${basename(at.file)}${source === undefined ? '' : ` ${source}`}`;

const PLATFORMS: readonly [name: string, turnsOf: (value: unknown) => TurnObservation[] | undefined][] = [
  ['Vapi calls', turnsOfVapi],
  ['Retell calls', turnsOfRetell],
];

/** `imported.from` of turns whose source never reports when the caller's turn ended. */
export const SOURCES_WITHOUT_ENDS: ReadonlySet<string> = new Set([CONSOLE_LOG_WITHOUT_ENDS, PIPECAT]);

/** Reads every format of figures that Firstword knows, and builds turns of them. */
export class TurnSources {
  readonly #give: (turn: SourcedTurn) => void;
  readonly #words: boolean;
  /** The chat history of the file that is being read. */
  #chat: { file: string; history: ChatHistoryImport };
  /** Answers that earlier files contained more than once. */
  #repeated = 0;
  readonly #traces = new TraceImport();
  readonly #order = new MetricsOrder();
  readonly #logs = new LogTurns();
  /** By file and program. */
  readonly #pipecat = new Map<string, PipecatTurns>();
  /** Impossible values of messages whose turn is not answered yet, and the place of the last one. */
  readonly #odd = new Set<string>();
  #oddAt: LinePlace | undefined;
  /** Lines of metrics without any figure. */
  figuresDropped = 0;

  /** @param options `words` includes the agent's text in turns of chat histories */
  constructor(give: (turn: SourcedTurn) => void, options: { words: boolean }) {
    this.#give = give;
    this.#words = options.words;
    this.#chat = { file: '', history: new ChatHistoryImport(options) };
  }

  /** @returns the name of the value's format; `undefined` where it is none of them */
  value(value: unknown, origin: Origin): string | undefined {
    return (
      this.#traces.read(value, placeText(origin.at)) ??
      this.#history(value, origin.at) ??
      this.#platform(value, origin)
    );
  }

  /** LiveKit's chat history; `undefined` where the value is none. */
  #history(value: unknown, at: LinePlace): string | undefined {
    if (this.#chat.file !== at.file) {
      this.#repeated += this.#chat.history.repeated;
      this.#chat = { file: at.file, history: new ChatHistoryImport({ words: this.#words }) };
    }
    const logged = chatItemsOfLogs(value);
    const items = logged.length > 0 ? logged : value;
    const turns = this.#chat.history.read(items, basename(at.file));
    if (!turns) return undefined;
    const odd = impossibleValuesIn(items);
    if (odd.length > 0) this.#oddAt = at;
    for (const one of odd) this.#odd.add(one);
    for (const turn of turns) {
      this.#give({ turn, place: placeText(at), impossibleValues: [...this.#odd] });
      this.#odd.clear();
    }
    return 'LiveKit chat history';
  }

  /** Calls of other platforms; `undefined` where the value is none. */
  #platform(value: unknown, origin: Origin): string | undefined {
    const calls = Array.isArray(value) ? value : [value];
    for (const [name, turnsOf] of PLATFORMS) {
      const found = calls.map(turnsOf);
      if (found.length === 0 || !found.every((turns) => turns !== undefined)) continue;
      for (const turn of found.flat())
        this.#give({ turn, place: placeText(origin.at), impossibleValues: [] });
      return name;
    }
    const events = pipecatEventsOfRtvi(value);
    if (!events) return undefined;
    this.#pipecatEvents(events, origin);
    return 'Pipecat RTVI messages';
  }

  /** @returns the name of the format, where the text is a line of Pipecat's log with figures */
  pipecatLine(text: string, origin: Origin): string | undefined {
    const events = pipecatEventsOf(text);
    if (events.length === 0) return undefined;
    this.#pipecatEvents(events, origin);
    return 'Pipecat log';
  }

  #pipecatEvents(events: readonly PipecatEvent[], origin: Origin): void {
    const name = nameOf(origin);
    const turns = this.#pipecat.get(name) ?? new PipecatTurns();
    this.#pipecat.set(name, turns);
    for (const event of events)
      for (const { observation, place } of turns.add(event, { file: name, place: placeText(origin.at) }))
        this.#give({ turn: observation, place, impossibleValues: [] });
  }

  /** @returns whether the line, with the fields of `fieldsOfLog`, has metrics */
  metrics(fields: JsonObject, origin: Origin): boolean {
    const kinds = kindsOf(fields);
    if (kinds.length === 0) return false;
    if (!hasFigures(fields)) {
      this.figuresDropped += 1;
      return true;
    }
    const from = { file: nameOf(origin), place: placeText(origin.at) };
    for (const kind of kinds) this.#logged(this.#order.add({ metrics: metricsOfLog(fields, kind), ...from }));
    return true;
  }

  #logged(metrics: readonly PlacedMetrics[]): void {
    for (const { metrics: one, ...from } of metrics)
      for (const { observation, ...rest } of this.#logs.add(one, from))
        this.#give({ turn: observation, ...rest });
  }

  /** Answers that were delivered again, and spans more than can be held at once. */
  get omitted(): { repeated: number; droppedSpans: number } {
    return {
      repeated: this.#repeated + this.#chat.history.repeated,
      droppedSpans: this.#traces.droppedSpans,
    };
  }

  /** The times in which the thread of a traced agent was blocked. Call it before `finish`. */
  blockedSpans(): BlockedSpan[] {
    return this.#traces.blockedSpans();
  }

  /** Gives the turns of traces, and the last ones of logs. @returns figures of which no turn came, with their place */
  finish(): { values: string[]; at: LinePlace } | undefined {
    const plain = { impossibleValues: [] };
    for (const { observation, place } of this.#traces.finish())
      this.#give({ turn: observation, place, ...plain });
    this.#logged(this.#order.finish());
    for (const { observation, ...rest } of this.#logs.finish()) this.#give({ turn: observation, ...rest });
    for (const [name, turns] of this.#pipecat)
      for (const { observation, place } of turns.finish(name))
        this.#give({ turn: observation, place, ...plain });
    return this.#oddAt && this.#odd.size > 0 ? { values: [...this.#odd], at: this.#oddAt } : undefined;
  }
}
