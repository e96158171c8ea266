import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { getFfmpegPath } from '@livekit/av';

/** Longest recording that is read, s. */
const LONGEST_S = 2 * 3600;
/** With `-bitexact`. */
const WAV_HEADER_BYTES = 44;
/** What FFmpeg may write about a file, bytes. */
const MAX_REPORT_BYTES = 1 << 20;
/** Raw telephone audio has no header that states its format. */
const RAW: Readonly<Record<string, string>> = {
  '.ulaw': 'mulaw',
  '.ul': 'mulaw',
  '.mulaw': 'mulaw',
  '.alaw': 'alaw',
  '.al': 'alaw',
};
const RAW_RATE_HZ = 8000;

/** Endings of the files that `decodeAudioFile` may be able to read, lower case. */
export const AUDIO_EXTENSIONS: readonly string[] = [
  ...['.wav', '.flac', '.mp3', '.m4a', '.mp4', '.ogg', '.oga', '.opus', '.aac', '.wma', '.amr', '.w64'],
  ...['.webm', '.mka', '.mkv', '.mov', '.avi', '.aif', '.aiff', '.au', '.caf', '.3gp', '.gsm'],
  ...Object.keys(RAW),
];

/** The FFmpeg programs to try, in order: the user's choice, LiveKit's, the system's. LiveKit's has no AAC decoder. */
function programs(): string[] {
  const chosen = process.env.LIVEKIT_FFMPEG_PATH;
  return [...(chosen ? [chosen] : []), getFfmpegPath() ?? [], 'ffmpeg'].flat();
}

interface Run {
  wav: Uint8Array;
  report: string;
  /** The program is not there. */
  isMissing: boolean;
}

function run(program: string, args: readonly string[], options: { maxBytes: number; signal?: AbortSignal }) {
  const { maxBytes, signal } = options;
  return new Promise<Run>((resolve) => {
    const settings = { encoding: 'buffer', maxBuffer: maxBytes, ...(signal ? { signal } : {}) } as const;
    execFile(program, args, settings, (error, stdout, stderr) => {
      const isMissing = error !== null && 'code' in error && error.code === 'ENOENT';
      resolve({ wav: error ? new Uint8Array(0) : stdout, report: stderr.toString(), isMissing });
    });
  });
}

/** The command that converts a file, under a name that does not overwrite it. */
function convert(path: string, options = ''): string {
  const name = basename(path, extname(path));
  const isWav = extname(path).toLowerCase() === '.wav';
  return `ffmpeg -i "${path}" ${options}"${name}${isWav ? '-converted' : ''}.wav"`;
}

/** Length of a WAV file that FFmpeg has written to a pipe: its header has no length, but the bytes per second. */
function lengthS(wav: Uint8Array): number {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  return (wav.length - WAV_HEADER_BYTES) / view.getUint32(28, true);
}

/** What FFmpeg says about the file itself, without what it would write. */
const inputOf = (report: string) => report.split(/^(?:Stream mapping|Output #)/m)[0]!;

/** Why a file cannot be used by any FFmpeg, and what to do about it. */
function refusalOf(path: string, report: string): string | undefined {
  const streams = inputOf(report)
    .split('\n')
    .filter((line) => /^\s*Stream #0:\d/.test(line));
  // Cover art of a song is a picture stream.
  if (streams.some((line) => line.includes(' Video: ') && !line.includes('(attached pic)'))) {
    return `${path} is a video: extract its sound with ${convert(path, '-vn ')}`;
  }
  if (/matches no streams|does not contain any stream/.test(report)) {
    return `${path} has no sound: leave it out`;
  }
  const sound = streams.find((line) => line.includes(' Audio: ')) ?? '';
  const channels = Number(/, (\d+) channels/.exec(sound)?.[1] ?? 0);
  if (channels > 2 || /, (?:quad|hexagonal|octagonal|[2-9]\.\d)/.test(sound)) {
    return `${path} has more than two channels: mix them into one with ${convert(path, '-ac 1 ')}`;
  }
  return undefined;
}

function unreadable(path: string, report: string): FirstwordError {
  const codec = /no decoder found for: (\w+)/.exec(report)?.[1];
  if (codec === undefined || codec === 'none') {
    return new FirstwordError(
      'bad_input',
      `${path} is not an audio file that can be read: leave it out, or convert it with ${convert(path)}`,
    );
  }
  const mac = process.platform === 'darwin' ? `, or with afconvert -f WAVE -d LEI16 "${path}"` : '';
  return new FirstwordError(
    'bad_input',
    `${path} holds ${codec.toUpperCase()} audio, which the FFmpeg of LiveKit Agents cannot read: install FFmpeg, or convert the file on another machine with ${convert(path)}${mac}`,
  );
}

/**
 * Decodes an audio file with FFmpeg: WAV of any kind (8 to 32 bit, float, µ-law, A-law), FLAC, MP3, Ogg, Opus, WebM, AIFF, AU,
 * CAF, raw `.ulaw` and `.alaw`, M4A with Apple Lossless. M4A with AAC needs an FFmpeg that is installed on the system,
 * because the one of LiveKit Agents has no AAC decoder. The first two channels are kept.
 * (LiveKit's own `audioFramesFromFile` of 1.9.0 loses the first frame of a FLAC file, 256 ms at 16 kHz.)
 * @param options.rateHz sample rate of the result, Hz
 * @returns a 16-bit WAV file with one or two channels
 * @throws FirstwordError `bad_input` that says what to do with a file that cannot be used; `aborted`
 */
export async function decodeAudioFile(
  path: string,
  options: { rateHz: number; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const { rateHz, signal } = options;
  const file = await stat(path).catch(() => undefined);
  if (!file?.isFile())
    throw new FirstwordError('bad_input', `there is no audio file at ${path}: check the path`);
  if (file.size === 0)
    throw new FirstwordError('bad_input', `${path} is empty: record it again, or leave it out`);
  const raw = RAW[extname(path).toLowerCase()];
  const args = [
    ...['-nostdin', '-hide_banner', '-v', 'info', '-protocol_whitelist', 'file,pipe'],
    ...(raw ? ['-f', raw, '-ar', String(RAW_RATE_HZ)] : []),
    // Without `file:`, FFmpeg takes a name with a colon for an address.
    ...['-i', `file:${path}`, '-map', '0:a:0', '-t', String(LONGEST_S + 1), '-ar', String(rateHz)],
    ...['-c:a', 'pcm_s16le', '-bitexact', '-f', 'wav', 'pipe:1'],
  ];
  const maxBytes = (LONGEST_S + 2) * rateHz * 2 * 2 + MAX_REPORT_BYTES;
  let report = '';
  for (const program of programs()) {
    const result = await run(program, args, { maxBytes, ...(signal ? { signal } : {}) });
    if (signal?.aborted) throw new FirstwordError('aborted', 'stopped before the recordings were read');
    if (result.isMissing && program === process.env.LIVEKIT_FFMPEG_PATH)
      throw new FirstwordError(
        'bad_input',
        `LIVEKIT_FFMPEG_PATH is ${program}, which is no program: correct or unset it`,
      );
    if (result.isMissing) continue;
    const refusal = refusalOf(path, result.report);
    if (refusal !== undefined) throw new FirstwordError('bad_input', refusal);
    if (result.wav.length > 0) {
      if (lengthS(result.wav) <= LONGEST_S) return result.wav;
      const hours = LONGEST_S / 3600;
      throw new FirstwordError(
        'bad_input',
        `${path} is longer than ${hours} hours: cut it into several files`,
      );
    }
    report ||= result.report;
  }
  if (report === '') {
    throw new FirstwordError(
      'bad_input',
      `${path} cannot be decoded, because there is no FFmpeg for this platform: install it, or give 16-bit WAV files`,
    );
  }
  throw unreadable(path, report);
}
