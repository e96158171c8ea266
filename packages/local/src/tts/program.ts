import { tmpdir } from 'node:os';
import { WASI } from 'node:wasi';

const WASI_OK = 0;
const WASI_BAD_FD = 8;
const REGULAR_FILE = 4;
const MOUNT = '/speech';
/** Descriptor of the only file that flite may open, far from those that node:wasi assigns. */
const OUTPUT_FD = 1_000;

type Syscall = (...args: number[]) => number;

/**
 * One run of the flite program, prepared in advance because instantiating its 21 MB takes as long as speaking a few
 * words. System calls are those of node:wasi, except that the arguments are set later, and that flite can only open one
 * file in memory: no text or audio is written to a disk, and untrusted text cannot open a file.
 */
export class FliteProgram {
  readonly #wasi: WASI;
  #instance: WebAssembly.Instance | undefined;
  #args: Uint8Array[] = [];
  #output: Uint8Array[] = [];

  private constructor() {
    this.#wasi = new WASI({ version: 'preview1', preopens: { [MOUNT]: tmpdir() }, returnOnExit: true });
  }

  /** Instantiates the program. */
  static async prepare(module: WebAssembly.Module): Promise<FliteProgram> {
    const program = new FliteProgram();
    program.#instance = await WebAssembly.instantiate(module, program.#imports());
    return program;
  }

  /** Renders a text and returns flite's WAV file. Can be called once only. */
  run(options: { text: string; voice: string }): Uint8Array {
    const args = ['flite', '-voice', options.voice, '-t', options.text, '-o', `${MOUNT}/out.wav`];
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
    const code = this.#wasi.start(this.#instance!);
    if (code !== 0) throw new Error(`flite ended with code ${code}`);
    return Buffer.concat(this.#output);
  }

  #imports(): WebAssembly.Imports {
    const usual = (this.#wasi.getImportObject() as { wasi_snapshot_preview1: Record<string, Syscall> })
      .wasi_snapshot_preview1;
    const onOutput = (name: string, own: Syscall): Syscall => {
      return (fd, ...rest) => (fd === OUTPUT_FD ? own(fd, ...rest) : usual[name]!(fd!, ...rest));
    };
    return {
      wasi_snapshot_preview1: {
        ...usual,
        args_sizes_get: (count, bytes) => this.#argsSizes(count!, bytes!),
        args_get: (pointers, bytes) => this.#argsCopy(pointers!, bytes!),
        path_open: (...args) => this.#set32(args[8]!, OUTPUT_FD),
        fd_fdstat_get: onOutput('fd_fdstat_get', (_fd, stat) => this.#describe(stat!)),
        fd_write: (fd, vectors, count, written) => this.#write(fd!, vectors!, count!, written!),
        fd_seek: onOutput('fd_seek', () => WASI_BAD_FD),
        fd_close: onOutput('fd_close', () => WASI_OK),
      } satisfies Record<string, Syscall>,
    };
  }

  get #memory(): DataView {
    return new DataView((this.#instance!.exports.memory as WebAssembly.Memory).buffer);
  }

  #set32(at: number, value: number): number {
    this.#memory.setUint32(at, value, true);
    return WASI_OK;
  }

  #argsSizes(count: number, bytes: number): number {
    this.#set32(count, this.#args.length);
    return this.#set32(bytes, Buffer.concat(this.#args).length);
  }

  #argsCopy(pointers: number, bytes: number): number {
    let at = bytes;
    for (const [i, arg] of this.#args.entries()) {
      this.#set32(pointers + 4 * i, at);
      new Uint8Array(this.#memory.buffer).set(arg, at);
      at += arg.length;
    }
    return WASI_OK;
  }

  /** Describes the output as a regular, writable file. */
  #describe(stat: number): number {
    new Uint8Array(this.#memory.buffer, stat, 24).fill(0);
    this.#memory.setUint8(stat, REGULAR_FILE);
    this.#memory.setBigUint64(stat + 8, 0xffff_ffffn, true);
    return WASI_OK;
  }

  /** Keeps what flite writes to the output file and drops what it writes to the terminal. */
  #write(fd: number, vectors: number, count: number, written: number): number {
    const memory = this.#memory;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = memory.getUint32(vectors + 8 * i, true);
      const length = memory.getUint32(vectors + 8 * i + 4, true);
      if (fd === OUTPUT_FD) this.#output.push(new Uint8Array(memory.buffer.slice(at, at + length)));
      total += length;
    }
    return this.#set32(written, total);
  }
}
