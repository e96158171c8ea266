import type { TurnRecord } from '@firstword/turn';
import { msText } from './format.js';
import { leverEffects } from './lever-effects.js';

/** The measured effect of each lever that was on in a turn. */
export function LeverEffectsView({ record }: { record: TurnRecord }) {
  if (!record.levers) return null;
  const savings = leverEffects(record);
  return (
    <section class="savings" data-testid="savings" aria-label="Savings by lever">
      <h3 class="savings-title">Savings by lever</h3>
      {savings.length === 0 ? (
        <p class="muted">None: this turn ran with LiveKit’s defaults.</p>
      ) : (
        <>
          <ul>
            {savings.map(({ lever, name, ms, note }) => (
              <li key={lever} class="saving" data-lever={lever} data-ms={ms}>
                <span class="saving-name">{name}</span>
                <span class="saving-ms">{ms === undefined ? '' : `${msText(ms)} ms`}</span>
                <span class="saving-note">{note}</span>
              </li>
            ))}
          </ul>
          {savings.filter(({ ms }) => ms).length > 1 && (
            <p class="axis-note">Savings overlap and do not add up.</p>
          )}
        </>
      )}
    </section>
  );
}
