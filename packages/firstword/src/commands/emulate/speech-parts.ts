import { readFileSync } from 'node:fs';
import {
  engineRecognizer,
  parseTranscript,
  type Recognizer,
  toneVoice,
  transcriptRecognizer,
  type Voice,
} from '@firstword/emulator/speech';
import { FirstwordError } from '@firstword/turn';

/** What the emulated speech services hear and speak with. */
export interface SpeechParts {
  recognizer: Recognizer;
  voice: Voice;
  /** What they are, for people. */
  description: string;
  /** Stops the engines. */
  close(): Promise<void>;
}

type EmbeddedSpeech = typeof import('@firstword/local');

/** The embedded speech; `undefined` if its package is not installed. */
async function importEmbedded(): Promise<EmbeddedSpeech | undefined> {
  try {
    return await import('@firstword/local');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function linesOf(path: string): Recognizer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FirstwordError('bad_input', `${path} cannot be read: give a file with one line per turn.`, {
      cause,
    });
  }
  return transcriptRecognizer(parseTranscript(text), { repeats: true });
}

/**
 * Opens the embedded speech. A transcript replaces its recognizer.
 * @throws FirstwordError `bad_input` without either
 */
export async function openSpeechParts(options: {
  transcript: string | undefined;
  signal: AbortSignal;
  /** Loads the embedded speech. Default: its package, if it is installed. */
  loadEmbedded?: () => Promise<EmbeddedSpeech | undefined>;
}): Promise<SpeechParts> {
  const { transcript, signal, loadEmbedded = importEmbedded } = options;
  const fromFile = transcript === undefined ? undefined : linesOf(transcript);
  const local = await loadEmbedded();
  if (!local) {
    if (!fromFile) {
      throw new FirstwordError(
        'bad_input',
        'The speech services need something to hear: give the caller’s lines with --transcript FILE, one line per turn, or install the embedded speech (npm install @firstword/local).',
      );
    }
    const description = `They hear the lines of ${transcript}, one per turn and again from the first, and speak in tones.`;
    return { recognizer: fromFile, voice: toneVoice(), description, close: async () => {} };
  }
  const voice = local.fliteTts({ voice: 'slt' });
  if (fromFile) {
    await voice.ready({ signal });
    const description = `They hear the lines of ${transcript}, one per turn and again from the first, and speak with the embedded voice.`;
    return { recognizer: fromFile, voice, description, close: () => voice.close() };
  }
  const engine = local.moonshineStt();
  const close = async () => {
    await Promise.all([engine.close(), voice.close()]);
  };
  try {
    await Promise.all([engine.ready({ signal }), voice.ready({ signal })]);
  } catch (error) {
    await close();
    throw error;
  }
  const description = 'They hear with the embedded speech-to-text and speak with the embedded voice.';
  return { recognizer: engineRecognizer(engine), voice, description, close };
}
