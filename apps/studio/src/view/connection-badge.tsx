import type { ConnectionStatus } from '../socket/connection.js';

function text(status: ConnectionStatus): string {
  switch (status.state) {
    case 'open':
      return 'Connected';
    case 'connecting':
      return 'Connecting …';
    case 'waiting':
      return `Disconnected, trying again in ${(status.retryInMs / 1000).toFixed(1)} s`;
  }
}

/** A screen reader hears of a change, not of every try. */
function spoken(status: ConnectionStatus): string {
  return status.state === 'open'
    ? 'Connected to the studio.'
    : 'Not connected to the studio: trying to connect.';
}

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
          Try now
        </button>
      )}
    </div>
  );
}
