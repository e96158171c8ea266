import type { Notice } from '../state/state.js';

/** Messages to the user: what went wrong and what to do. */
export function Notices({ notices, onDismiss }: { notices: Notice[]; onDismiss: (code: string) => void }) {
  return (
    <div class="notices" role="alert" data-testid="errors">
      {notices.map(({ code, message, tone }) => (
        <div key={code} class="notice" data-tone={tone} data-code={code}>
          <p>
            <span class="visually-hidden">{tone === 'problem' ? 'Problem: ' : 'Note: '}</span>
            {message}
          </p>
          <button
            type="button"
            class="dismiss"
            aria-label="Dismiss this message"
            onClick={() => onDismiss(code)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
