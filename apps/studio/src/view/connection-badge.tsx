import type { ConnectionStatus } from '../socket/connection.js';

function text(status: ConnectionStatus): string {
  switch (status.state) {
    case 'open':
      return 'Connected';
    case 'connecting':
      return 'Connecting …';
    case 'waiting':
      return `Disconnected, reconnecting in ${Math.max(1, Math.round(status.retryInMs / 1000))} s`;
  }
}

/** The text for screen readers: it changes with the state only, not with every retry. */
function spoken(status: ConnectionStatus): string {
  return status.state === 'open'
    ? 'Connected to the studio.'
    : 'Not connected to the studio. Trying to connect.';
}

/** Shows the state of the connection, and a button to reconnect at once. */
export function ConnectionBadge({ status, onRetry }: { status: ConnectionStatus; onRetry: () => void }) {
  return (
    <div class="connection" data-testid="connection" data-state={status.state}>
      <span aria-hidden="true">
        <span class="dot" />
        {text(status)}
      </span>
      <span class="visually-hidden" role="status">
        {spoken(status)}
      </span>
      {status.state === 'waiting' && (
        <button type="button" class="link" onClick={onRetry}>
          Reconnect now
        </button>
      )}
    </div>
  );
}
