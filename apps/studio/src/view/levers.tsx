import { useMemo } from 'preact/hooks';
import { LEVERS, type LeverName, type LeverSet } from '../protocol.js';
import type { LeverState, StudioState } from '../state/state.js';
import type { StudioController } from '../studio-controller.js';
import { LEVER_TEXT, LIVEKIT_LEVERS, leverSetName, sameLevers } from './lever-text.js';

/** From when on the chosen levers apply. */
function whenText({ call, realtime }: StudioState, { inForce, wanted, firstword }: LeverState): string {
  if (call.phase === 'idle') return ': applies to the next call.';
  if (sameLevers(inForce, wanted)) return ': in force now.';
  if (realtime) return `: applies to the next call. Now: ${leverSetName(inForce, firstword)}.`;
  return `: from the next turn on. Until then: ${leverSetName(inForce, firstword)}.`;
}

interface PresetProps {
  name: string;
  levers: LeverSet;
  id: string;
  state: LeverState;
  onUse: (levers: LeverSet) => void;
}

function Preset({ name, levers, id, state, onUse }: PresetProps) {
  return (
    <button
      type="button"
      class="preset"
      data-testid={id}
      aria-pressed={sameLevers(state.wanted, levers)}
      onClick={() => onUse(levers)}
    >
      {name}
    </button>
  );
}

interface SwitchProps {
  lever: LeverName;
  on: boolean;
  disabled: boolean;
  hint: string;
  onSet: (on: boolean) => void;
}

function Switch({ lever, on, disabled, hint, onSet }: SwitchProps) {
  const id = `lever-${lever}`;
  return (
    <li class="lever">
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        data-testid={id}
        checked={on}
        aria-checked={on}
        disabled={disabled}
        aria-describedby={`${id}-does`}
        onChange={(event) => onSet(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{LEVER_TEXT[lever].name}</label>
        <p id={`${id}-does`} class="source">
          {hint}
        </p>
      </div>
    </li>
  );
}

function hintOf(lever: LeverName, backup: string | undefined): string {
  const { does } = LEVER_TEXT[lever];
  if (lever !== 'backup') return does;
  return backup ? `${does} Here: ${backup}.` : 'Needs a second LLM, but only one is configured.';
}

/** The panel that switches the levers, individually or by preset. */
export function Levers({ studio, state }: { studio: StudioController; state: StudioState }) {
  // Read once, so that a resize does not override the user opening or closing the list.
  const hasRoom = useMemo(() => matchMedia('(min-width: 861px)').matches, []);
  const { levers } = state;
  if (!levers) return null;
  const { wanted, inForce, firstword } = levers;
  const connected = state.connection.state === 'open';
  const backup = state.profiles.find((p) => p.name === state.profile)?.backup;
  const use = (set: LeverSet) => studio.setLevers({ ...set });
  const pending = state.call.phase !== 'idle' && !sameLevers(inForce, wanted);
  return (
    <section class="panel levers" aria-labelledby="levers-title">
      <h2 id="levers-title" class="eyebrow">
        Levers
      </h2>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one bar in every browser */}
      <div class="presets" role="group" aria-label="All levers at once">
        <Preset
          name="LiveKit defaults"
          id="preset-livekit"
          levers={LIVEKIT_LEVERS}
          state={levers}
          onUse={use}
        />
        <Preset name="Firstword" id="preset-firstword" levers={firstword} state={levers} onUse={use} />
      </div>
      <p
        class="levers-when"
        role="status"
        data-testid="levers"
        data-in-force={leverSetName(inForce, firstword)}
        data-wanted={leverSetName(wanted, firstword)}
        data-pending={pending}
      >
        <strong>{leverSetName(wanted, firstword)}</strong>
        {whenText(state, levers)}
      </p>
      {state.realtime && (
        <p class="source">With a realtime model, levers of STT, LLM and end of turn are idle.</p>
      )}
      <details class="customize" open={hasRoom}>
        <summary>Customize</summary>
        <ul class="lever-list">
          {LEVERS.map((lever) => (
            <Switch
              key={lever}
              lever={lever}
              on={wanted[lever]}
              disabled={!connected || (lever === 'backup' && !backup && !wanted.backup)}
              hint={hintOf(lever, backup)}
              onSet={(on) => use({ ...wanted, [lever]: on })}
            />
          ))}
        </ul>
      </details>
    </section>
  );
}
