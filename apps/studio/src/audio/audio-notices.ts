import type { Notice } from '../state/state.js';

function problem(code: string, message: string): Notice {
  return { code, message, tone: 'problem' };
}

const INSTEAD = 'Or press “Play a sample call”, which needs no microphone.';

/** The browser gives sound and microphones only to pages it trusts. */
export function insecureContextNotice(address: { port: string; pathname: string }): Notice {
  const port = address.port ? `:${address.port}` : '';
  return problem(
    'insecure_context',
    `The browser gives this page neither microphone nor sound, because it was opened over plain http from another machine. Open it as http://localhost${port}${address.pathname} on the machine that runs the studio (an SSH tunnel will do), or put HTTPS in front of it.`,
  );
}

export const SOUND_FAILED = problem(
  'sound_failed',
  'The browser could not start its sound. Check that a sound output is there, reload the page and try again; if it stays so, use a current Chrome, Edge, Firefox or Safari.',
);

export const SOUND_NOT_RUNNING = problem(
  'sound_silent',
  'The browser’s sound does not run, so nothing is heard, of you neither. Check that a sound output is plugged in and chosen, then stop the call and start it again.',
);

export const MIC_ENDED = problem(
  'mic_lost',
  'The microphone went away: it was unplugged, or its permission was taken back. The call has ended. Plug it in or allow it again, then press “Talk”.',
);

export const MIC_MUTED: Notice = {
  code: 'mic_muted',
  tone: 'problem',
  message:
    'The system has muted the microphone: the agent hears nothing. Unmute it in the system’s sound settings or with the key on the device.',
};

/** What to tell the user when the microphone could not be opened, by the error’s name. */
export function micErrorNotice(error: unknown): Notice {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return problem(
        'mic_refused',
        `The microphone is not allowed for this page. Allow it at the icon beside the address (and in the system’s privacy settings), then press “Talk” again. ${INSTEAD}`,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return problem(
        'mic_missing',
        `No microphone was found. Plug one in or switch it on, then press “Talk” again. ${INSTEAD}`,
      );
    case 'NotReadableError':
    case 'AbortError':
      return problem(
        'mic_busy',
        `The microphone could not be opened: another program may be using it. Close that program, then press “Talk” again. ${INSTEAD}`,
      );
    default:
      return problem(
        'mic_failed',
        `The microphone could not be opened. Reload the page and try again. ${INSTEAD}`,
      );
  }
}
