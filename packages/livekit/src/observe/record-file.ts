import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TurnRecord } from '@firstword/turn';
import { log } from '@livekit/agents';

/**
 * Appends the turn records of one call to `<dir>/<callId>.jsonl`, in order, one line of JSON each. The call never waits for
 * the disk. The first record that cannot be written is logged as a warning, and the call goes on.
 */
export class RecordFile {
  readonly path: string;
  #tail: Promise<unknown>;
  #hasFailed = false;

  constructor(dir: string, callId: string) {
    // The call id names the file: characters that mean something in a path are replaced.
    this.path = join(dir, `${callId.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')}.jsonl`);
    this.#tail = mkdir(dir, { recursive: true }).catch((error: unknown) => this.#warn(error));
  }

  append(record: TurnRecord): void {
    // Serialized now, because the record may still change.
    const line = `${JSON.stringify(record)}\n`;
    this.#tail = this.#tail
      .then(() => appendFile(this.path, line, { mode: 0o600 }))
      .catch((error: unknown) => this.#warn(error));
  }

  /** Resolves when everything appended so far has been written. */
  async flushed(): Promise<void> {
    await this.#tail;
  }

  #warn(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    log().warn(
      { error },
      `firstword: turn records cannot be written to ${this.path}: free some space, or choose another folder`,
    );
  }
}
