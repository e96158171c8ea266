import type { OwnerKind } from '@firstword/turn';

/** Who can make a segment shorter, for people. */
export const OWNERS: Record<OwnerKind, { label: string; hint: string }> = {
  setting: { label: 'Setting', hint: 'an option you can change' },
  provider: { label: 'Provider', hint: 'speech or language service' },
  network: { label: 'Network', hint: 'time on the wire' },
  app: { label: 'App', hint: 'your code and the agent’s' },
  unaccounted: { label: 'Unaccounted', hint: 'no mark explains it' },
};

/** "Setting endpointing.minDelay". */
export function ownerLabel(owner: OwnerKind, name: string | undefined): string {
  return name === undefined ? OWNERS[owner].label : `${OWNERS[owner].label} ${name}`;
}

export function OwnerLegend() {
  return (
    <ul class="legend" aria-label="Owners">
      {(Object.keys(OWNERS) as OwnerKind[]).map((owner) => (
        <li key={owner}>
          <span class="swatch" data-owner={owner} aria-hidden="true" />
          {OWNERS[owner].label} <span class="muted">{OWNERS[owner].hint}</span>
        </li>
      ))}
    </ul>
  );
}
