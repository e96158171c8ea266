import type { Notice } from '../state/state.js';

function problemNotice(code: string, message: string): Notice {
  return { code, message, tone: 'problem' };
}

const SAMPLE_CALL_HINT = 'Or press “Play a sample call”, which needs no microphone.';

/** Browsers allow audio and microphone only in a secure context: HTTPS or localhost. */
export function insecureContextNotice(address: { port: string; pathname: string }): Notice {
  const port = address.port ? `:${address.port}` : '';
  return problemNotice(
    'insecure_context',
    `The browser blocks microphone and audio, because this page was opened over plain HTTP from another machine. Open http://localhost${port}${address.pathname} on the machine that runs the studio (or through an SSH tunnel), or put an HTTPS proxy in front of it.`,
  );
}

/** The browser could not create its audio output. */
export const SOUND_FAILED = problemNotice(
  'sound_failed',
  'The browser could not start its audio. Check that a sound output is connected, reload the page and try again. If this does not help, use a current Chrome, Edge, Firefox or Safari.',
);

/** Audio was created but does not run. */
export const SOUND_NOT_RUNNING = problemNotice(
  'sound_silent',
  'The browser’s audio is not running, so you cannot hear the agent and it cannot hear you. Check that a sound output is connected and selected, then stop the call and start it again.',
);

/** The microphone was unplugged or its permission was revoked. */
export const MIC_ENDED = problemNotice(
  'mic_lost',
  'The microphone was unplugged or its permission was revoked, so the call has ended. Connect or allow the microphone again, then press “Talk”.',
);

/** The operating system has muted the microphone. */
export const MIC_MUTED: Notice = {
  code: 'mic_muted',
  tone: 'problem',
  message:
    'The microphone is muted by the system, so the agent cannot hear you. Unmute it in the system’s sound settings or on the device.',
};

/** The notice for an error from `getUserMedia`, by the error's name. */
export function micErrorNotice(error: unknown): Notice {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return problemNotice(
        'mic_refused',
        `This page has no permission to use the microphone. Allow it with the icon beside the address (and in the system’s privacy settings), then press “Talk” again. ${SAMPLE_CALL_HINT}`,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return problemNotice(
        'mic_missing',
        `No microphone was found. Connect one or switch it on, then press “Talk” again. ${SAMPLE_CALL_HINT}`,
      );
    case 'NotReadableError':
    case 'AbortError':
      return problemNotice(
        'mic_busy',
        `The microphone could not be opened: another program may be using it. Close that program, then press “Talk” again. ${SAMPLE_CALL_HINT}`,
      );
    default:
      return problemNotice(
        'mic_failed',
        `The microphone could not be opened. Reload the page and try again. ${SAMPLE_CALL_HINT}`,
      );
  }
}
