import type { OwnerKind } from '@firstword/turn';

/** Display name and explanation of each kind of owner. */
export const OWNERS: Record<OwnerKind, { label: string; hint: string }> = {
  setting: { label: 'Setting', hint: 'an option you can change' },
  provider: { label: 'Provider', hint: 'STT, LLM or TTS service' },
  network: { label: 'Network', hint: 'time on the wire' },
  app: { label: 'App', hint: 'your code and the agent’s' },
  unaccounted: { label: 'Unaccounted', hint: 'not explained by any mark' },
};

/** The label of an owner: "Setting endpointing.minDelay". */
export function ownerLabel(owner: OwnerKind, name: string | undefined): string {
  return name === undefined ? OWNERS[owner].label : `${OWNERS[owner].label} ${name}`;
}

/** The legend of the owner colours. */
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
