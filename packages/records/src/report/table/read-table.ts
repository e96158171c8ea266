import { type TurnObservation, type TurnRecord, toTurnRecord } from '@firstword/turn';
import { readDocuments, untilDamage } from '../../import/documents.js';
import { InputReader } from '../../import/input-reader.js';
import { type InputFile, readBytes, type SkippedFile } from '../../import/inputs.js';
import { LINE_TOO_LONG } from '../../import/lines.js';
import { type LogicalLine, LogicalLines } from '../../import/logical-lines.js';
import type { ReadSummary } from '../../import/read-sink.js';
import type { UnreadLine } from '../turn-report.js';
import { type BlockReader, openBlockReader, threadsFor } from './block-readers.js';
import { type Block, cutBlocks } from './cut-blocks.js';
import type { BlockContent } from './record-block.js';
import { RowBuilder } from './row-builder.js';
import { Slowest } from './slowest.js';
import { TurnTable } from './turn-table.js';

/** Options of `readTable`. */
export interface ReadTableOptions {
  /** How many of the slowest turns to keep with all their facts. */
  slowest: number;
  /** Threads that read turn records; by default as many as pay off, none for small inputs. */
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called with the fraction of the bytes that was read, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
}

/** The turns of files, and what was read. */
export interface ReadTable {
  table: TurnTable;
  /** Turns by the export that they come from. */
  imported: Map<string, number>;
  badLines: number;
  /** The first few, by file and line. */
  someBadLines: UnreadLine[];
  otherLines: number;
  refused: ReadSummary['refused'];
  damaged: SkippedFile[];
  /** Turns that were found more than once; each counts once. */
  duplicates: number;
}

const NAMED_BAD_LINES = 5;
/** Turns of exports that are collected before they go into the table. */
const ROWS_AT_ONCE = 2_000;

/** How far a file of records was read. */
interface PlaceInFile {
  file: string;
  /** Lines before the next block. */
  line: number;
  logical: LogicalLines;
}

/**
 * Reads files into a table. Whole turn records, which are nearly all lines of large inputs, are read by threads, block by block;
 * `InputReader` reads every other line, so that a report reads what the doctor reads. The blocks go into the table in
 * their order, so that two runs give the same report.
 */
class TableReader {
  readonly table: TurnTable;
  readonly imported = new Map<string, number>();
  readonly damaged: SkippedFile[] = [];
  readonly #options: ReadTableOptions;
  readonly #reader: InputReader;
  readonly #blocks: BlockReader;
  /** Of the turns that this thread reads. */
  readonly #slowest: { gaps: Slowest; frames: Slowest };
  #rows: RowBuilder;
  /** Work that is under way, the oldest first; each begins when the one before has ended. */
  readonly #underWay: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();
  #badLines = 0;
  readonly #someBadLines: UnreadLine[] = [];
  #read = 0;
  readonly #bytes: number;

  constructor(files: readonly InputFile[], options: ReadTableOptions) {
    this.#options = options;
    this.#bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const recordBytes = files.reduce((sum, { form, bytes }) => sum + (form === 'turns' ? bytes : 0), 0);
    const { slowest, threads = threadsFor(recordBytes) } = options;
    this.table = new TurnTable(slowest);
    this.#blocks = openBlockReader({ threads, slowest });
    this.#slowest = { gaps: new Slowest(slowest), frames: new Slowest(slowest) };
    this.#rows = new RowBuilder(this.#slowest);
    this.#reader = new InputReader({
      turn: (turn, { place }) => this.#addTurn(turn, place),
      call: (record) => this.#rows.addCall(record),
    });
  }

  async read(files: readonly InputFile[]): Promise<ReadTable> {
    for (const file of files) await (file.form === 'turns' ? this.#records(file) : this.#foreign(file));
    await this.#settle();
    const { badLines, someBadLines, otherLines, refused, duplicates } = this.#reader.finish();
    this.#flush();
    return {
      table: this.table,
      imported: this.imported,
      badLines: this.#badLines + badLines,
      someBadLines: firstLines([...this.#someBadLines, ...someBadLines], files),
      otherLines,
      refused,
      damaged: this.damaged,
      duplicates: this.table.duplicates + duplicates,
    };
  }

  close(): Promise<void> {
    return this.#blocks.close();
  }

  readonly #onRead = (bytes: number): void => {
    this.#read += bytes;
    this.#options.onProgress?.(this.#bytes > 0 ? Math.min(1, this.#read / this.#bytes) : 1);
  };

  /** Reads a file that begins with a record. */
  async #records(file: InputFile): Promise<void> {
    const place: PlaceInFile = { file: file.name, line: 0, logical: new LogicalLines() };
    const damaged = await untilDamage(file, async () => {
      for await (const block of cutBlocks(readBytes(file, this.#onRead))) {
        this.#options.signal?.throwIfAborted();
        await this.#addBlock(block, place);
      }
    });
    if (damaged) this.damaged.push(damaged);
    await this.#next(async () => this.#others(place.logical.end(), place));
  }

  /** Reads a file of any other format. Its lines depend on each other. */
  async #foreign(file: InputFile): Promise<void> {
    await this.#settle();
    const damaged = await untilDamage(file, () =>
      readDocuments(readBytes(file, this.#onRead), {
        signal: this.#options.signal,
        read: (one) => this.#reader.line(one, file.name),
      }),
    );
    if (damaged) this.damaged.push(damaged);
  }

  async #addBlock(block: Block, place: PlaceInFile): Promise<void> {
    if (block === 'too long') {
      await this.#next(async () => {
        place.line += 1;
        this.#addBad(1, [{ file: place.file, line: place.line, reason: `the line is ${LINE_TOO_LONG}` }]);
      });
    } else if (block.length > 0) {
      const content = this.#blocks.read(block);
      // It is awaited in its turn: until then an error must not be an unhandled rejection.
      content.catch(() => {});
      await this.#next(async () => this.#addContent(await content, place));
    }
  }

  #addContent({ rows, lines, badLines, someBadLines, others }: BlockContent, place: PlaceInFile): void {
    const { file, line: before, logical } = place;
    this.#flush();
    this.table.append(rows, file);
    this.#addBad(
      badLines,
      someBadLines.map(({ line, reason }) => ({ file, line: before + line, reason })),
    );
    for (const { line, text } of others) {
      const isFirst = before + line === 1;
      this.#others(
        logical.add({ line: before + line, text: isFirst ? text.replace(/^\uFEFF/, '') : text }),
        place,
      );
    }
    place.line += lines;
  }

  #others(lines: readonly LogicalLine[], { file }: PlaceInFile): void {
    for (const one of lines) this.#reader.line(one, file, { isOfRecords: true });
  }

  #addBad(count: number, named: readonly UnreadLine[]): void {
    this.#badLines += count;
    this.#someBadLines.push(...named.slice(0, NAMED_BAD_LINES - this.#someBadLines.length));
  }

  #addTurn(turn: TurnRecord | TurnObservation, place: string): void {
    const isRecord = 'schema' in turn;
    const record = isRecord ? turn : toTurnRecord(turn);
    const from = record.imported?.from;
    if (!isRecord && from) this.imported.set(from, (this.imported.get(from) ?? 0) + 1);
    this.#rows.addTurn(record, place.slice(0, place.lastIndexOf(':')));
    if (this.#rows.count >= ROWS_AT_ONCE) this.#flush();
  }

  #flush(): void {
    this.table.append(this.#rows.rows(), '');
    this.#rows = new RowBuilder(this.#slowest);
  }

  /** Does this after everything that is under way, and waits while too much is. */
  async #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    done.catch(() => {});
    this.#last = done;
    this.#underWay.push(done);
    if (this.#underWay.length > this.#blocks.capacity) await this.#underWay.shift();
  }

  async #settle(): Promise<void> {
    await this.#last;
    this.#underWay.length = 0;
  }
}

/** The first bad lines, by file and line. */
function firstLines(lines: readonly UnreadLine[], files: readonly InputFile[]): UnreadLine[] {
  const places = new Map(files.map(({ name }, at) => [name, at]));
  const placeOf = ({ file }: UnreadLine) => places.get(file) ?? 0;
  return [...lines].sort((a, b) => placeOf(a) - placeOf(b) || a.line - b.line).slice(0, NAMED_BAD_LINES);
}

/**
 * Reads files into a table.
 * @throws what the signal was aborted with
 */
export async function readTable(files: readonly InputFile[], options: ReadTableOptions): Promise<ReadTable> {
  const { signal } = options;
  signal?.throwIfAborted();
  const reader = new TableReader(files, options);
  // Without this, the blocks that are under way would be read to their end first.
  const stop = () => void reader.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await reader.read(files);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await reader.close();
  }
}
