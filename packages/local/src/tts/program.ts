const OK = 0;
const BAD_DESCRIPTOR = 8;
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const EVERY_RIGHT = 0xffff_ffffn;

/** Descriptors of the program: 0 to 2 are its terminal. */
const FOLDER_FD = 3;
const OUTPUT_FD = 4;
const FOLDER = '/speech';

type SystemCall = (...args: number[]) => number;

/**
 * The flite program. Its system calls (WASI preview 1) are answered here and open nothing: there is one folder that does not
 * exist and one file in memory, so that no text or audio is written to a disk and untrusted text cannot open a file.
 * `node:wasi` would keep a descriptor open for each run.
 *
 * A run starts from the memory that the program was loaded with. Restoring it takes a few ms, where a new instance of the
 * 21 MB takes as long as speaking a few words, and leaves 20 MB to the garbage collector.
 */
export class FliteProgram {
  #instance: WebAssembly.Instance | undefined;
  /** The memory of an instance that has not run. */
  #unused = new Uint8Array();
  #hasRun = false;
  #args: Uint8Array[] = [];
  #output: Uint8Array[] = [];

  private constructor() {}

  /** Instantiates the program. */
  static async load(module: WebAssembly.Module): Promise<FliteProgram> {
    const program = new FliteProgram();
    program.#instance = await WebAssembly.instantiate(module, program.#imports());
    program.#unused = program.#bytes.slice();
    return program;
  }

  /**
   * Renders a text and returns flite's WAV file.
   * @throws Error if flite fails; the program cannot run again
   */
  run(options: { text: string; voice: string }): Uint8Array {
    const args = ['flite', '-voice', options.voice, '-t', options.text, '-o', `${FOLDER}/out.wav`];
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
    this.reset();
    this.#hasRun = true;
    // It returns where it succeeds, and calls `proc_exit` where it fails.
    (this.#instance!.exports._start as () => void)();
    return Buffer.concat(this.#output);
  }

  /** Restores the memory after a run. Called while nothing waits, it saves the next run the time. */
  reset(): void {
    if (!this.#hasRun) return;
    this.#hasRun = false;
    this.#output = [];
    const bytes = this.#bytes;
    bytes.set(this.#unused);
    bytes.fill(0, this.#unused.length);
  }

  #imports(): WebAssembly.Imports {
    return {
      wasi_snapshot_preview1: {
        args_sizes_get: (count, bytes) => this.#argsSizes(count!, bytes!),
        args_get: (pointers, bytes) => this.#argsCopy(pointers!, bytes!),
        fd_prestat_get: (fd, prestat) => this.#describeFolder(fd!, prestat!),
        fd_prestat_dir_name: (_fd, path, length) => this.#folderName(path!, length!),
        path_open: (...args) => this.#set32(args[8]!, OUTPUT_FD),
        fd_fdstat_get: (fd, stat) => this.#describe(fd!, stat!),
        fd_fdstat_set_flags: () => OK,
        // flite measures its own speed; nobody reads it.
        clock_time_get: (_clock, _precision, time) => this.#set64(time!, 0n),
        fd_write: (fd, vectors, count, written) => this.#write(fd!, vectors!, count!, written!),
        fd_read: () => BAD_DESCRIPTOR,
        fd_seek: () => BAD_DESCRIPTOR,
        fd_close: () => OK,
        proc_exit: (code) => {
          throw new Error(`flite ended with code ${code}`);
        },
      } satisfies Record<string, SystemCall>,
    };
  }

  /** A new view after each call of the program, which may have enlarged its memory. */
  get #bytes(): Uint8Array {
    return new Uint8Array((this.#instance!.exports.memory as WebAssembly.Memory).buffer);
  }

  get #memory(): DataView {
    return new DataView(this.#bytes.buffer);
  }

  #set32(at: number, value: number): number {
    this.#memory.setUint32(at, value, true);
    return OK;
  }

  #set64(at: number, value: bigint): number {
    this.#memory.setBigUint64(at, value, true);
    return OK;
  }

  #argsSizes(count: number, bytes: number): number {
    this.#set32(count, this.#args.length);
    return this.#set32(bytes, Buffer.concat(this.#args).length);
  }

  #argsCopy(pointers: number, bytes: number): number {
    let at = bytes;
    for (const [i, arg] of this.#args.entries()) {
      this.#set32(pointers + 4 * i, at);
      this.#bytes.set(arg, at);
      at += arg.length;
    }
    return OK;
  }

  /** The program asks for its open folders one descriptor after another, until it gets an error. */
  #describeFolder(fd: number, prestat: number): number {
    if (fd !== FOLDER_FD) return BAD_DESCRIPTOR;
    this.#set32(prestat, 0);
    return this.#set32(prestat + 4, FOLDER.length);
  }

  #folderName(path: number, length: number): number {
    new TextEncoder().encodeInto(FOLDER, this.#bytes.subarray(path, path + length));
    return OK;
  }

  #describe(fd: number, stat: number): number {
    this.#bytes.fill(0, stat, stat + 24);
    const type = fd === OUTPUT_FD ? REGULAR_FILE : fd === FOLDER_FD ? DIRECTORY : CHARACTER_DEVICE;
    this.#memory.setUint8(stat, type);
    this.#memory.setBigUint64(stat + 8, EVERY_RIGHT, true);
    this.#memory.setBigUint64(stat + 16, EVERY_RIGHT, true);
    return OK;
  }

  /** Keeps what flite writes to the output file and drops what it writes to the terminal. */
  #write(fd: number, vectors: number, count: number, written: number): number {
    const memory = this.#memory;
    const bytes = this.#bytes;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = memory.getUint32(vectors + 8 * i, true);
      const length = memory.getUint32(vectors + 8 * i + 4, true);
      if (fd === OUTPUT_FD) this.#output.push(bytes.slice(at, at + length));
      total += length;
    }
    return this.#set32(written, total);
  }
}
