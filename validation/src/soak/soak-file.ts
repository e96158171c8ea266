/** What the process of the calls reports, in its own words. */
export interface HeapSample {
  /** JavaScript objects in use, MB. */
  heapUsedMb: number;
  /** Memory outside the heap that JavaScript objects hold, `ArrayBuffer`s included, MB. */
  externalMb: number;
  calls: number;
  turns: number;
  /** Lines of the caller that were never answered. */
  lost: number;
}

/** The processes that run for as long as calls are answered. */
export type SoakProcess = 'calls' | 'stt';

/** One sample of all processes. */
export interface SoakSample {
  /** Minutes since the first call began. */
  minute: number;
  /** 1-minute load average of the machine. */
  load: number;
  processes: Record<SoakProcess, { descriptors: number; residentMb: number }>;
  heap: HeapSample | undefined;
}

/** A run of the soak: what `--json` writes, also while it runs. */
export interface SoakFile {
  type: 'firstword.soak';
  /** Start of the run, ISO 8601. */
  startedAt: string;
  /** Duration that was asked for. */
  plannedMinutes: number;
  node: string;
  /** `MALLOC_ARENA_MAX` of the processes; absent in files of older runs, where it was not set. */
  mallocArenas?: string;
  cores: number;
  /** Times at which the process of the calls or of the STT was replaced, in minutes: it must be empty. */
  restarts: number[];
  samples: SoakSample[];
}
