import type { Ref } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CallMode, StudioState } from '../state/state.js';
import type { StudioController } from '../studio-controller.js';
import { Meters } from './meters.js';

function callText({ call, agent, connection }: StudioState): string {
  switch (call.phase) {
    case 'asking':
      return 'Waiting for microphone permission: allow it in the browser.';
    case 'starting':
      return 'Starting the call …';
    case 'live':
      return { listening: 'Listening', thinking: 'Thinking', speaking: 'Speaking' }[agent];
    case 'idle':
      if (connection.state !== 'open') return 'Not connected.';
      return call.note ?? 'No call. Use headphones for the most accurate figures.';
  }
}

interface StopButtonProps {
  button: Ref<HTMLButtonElement>;
  onStop: () => void;
}

function StopButton({ button, onStop }: StopButtonProps) {
  return (
    <div class="buttons">
      <button key="stop" ref={button} type="button" class="button danger" data-testid="stop" onClick={onStop}>
        <span class="icon icon-stop" aria-hidden="true" />
        Stop
      </button>
    </div>
  );
}

interface StartButtonsProps {
  talkButton: Ref<HTMLButtonElement>;
  disabled: boolean;
  onStart: (mode: CallMode) => void;
}

function StartButtons({ talkButton, disabled, onStart }: StartButtonsProps) {
  return (
    <div class="buttons">
      <button
        key="talk"
        ref={talkButton}
        type="button"
        class="button primary"
        data-testid="start-mic"
        disabled={disabled}
        onClick={() => onStart('mic')}
      >
        <span class="icon icon-talk" aria-hidden="true" />
        Talk
      </button>
      <button
        key="sample"
        type="button"
        class="button"
        data-testid="start-sample"
        disabled={disabled}
        onClick={() => onStart('sample')}
      >
        <span class="icon icon-play" aria-hidden="true" />
        Play a sample call
      </button>
    </div>
  );
}

function CallButtons({ studio, state }: { studio: StudioController; state: StudioState }) {
  const inCall = state.call.phase !== 'idle';
  const stop = useRef<HTMLButtonElement>(null);
  const talk = useRef<HTMLButtonElement>(null);
  const wasInCall = useRef(inCall);
  useEffect(() => {
    // The button that was pressed has been removed, so the focus moves to the button that replaced it.
    if (wasInCall.current !== inCall && document.activeElement === document.body) {
      (inCall ? stop : talk).current?.focus({ preventScroll: true });
    }
    wasInCall.current = inCall;
  }, [inCall]);

  if (inCall) return <StopButton button={stop} onStop={() => studio.stop()} />;
  return (
    <StartButtons
      talkButton={talk}
      disabled={state.connection.state !== 'open'}
      onStart={(mode) => void studio.start(mode)}
    />
  );
}

function RealtimeModel({ state: { realtime } }: { state: StudioState }) {
  if (!realtime) return null;
  return (
    <div class="profile" data-testid="realtime">
      <p class="profile-title">Realtime model</p>
      <p>{realtime.label}</p>
      <p class="source">
        {realtime.emulated && <span class="badge badge-emulated">emulated</span>} Source: {realtime.source}.
      </p>
    </div>
  );
}

function ProfileSelect({ studio, state }: { studio: StudioController; state: StudioState }) {
  const profile = state.profiles.find((p) => p.name === state.profile);
  return (
    <div class="profile">
      <label for="profile">Language model</label>
      {/* A select shows one line and cuts a long name: this text wraps, and the select lies over it, invisible. */}
      <div class="profile-select">
        <span class="profile-name" data-testid="profile-name" aria-hidden="true">
          {profile?.label}
        </span>
        <select
          id="profile"
          data-testid="profile"
          value={state.profile}
          disabled={state.connection.state !== 'open' || state.profiles.length === 0}
          aria-describedby="profile-source"
          onChange={(event) => studio.chooseProfile(event.currentTarget.value)}
        >
          {state.profiles.map((p) => (
            <option key={p.name} value={p.name}>
              {p.label}
            </option>
          ))}
        </select>
      </div>
      <p id="profile-source" class="source" data-testid="profile-source">
        {profile?.emulated && <span class="badge badge-emulated">emulated</span>}
        {profile && ` Source: ${profile.source}.`}
        {state.call.phase === 'live' && ' A change takes effect from the next turn.'}
      </p>
    </div>
  );
}

/** The panel that starts and stops calls and selects the LLM. */
export function Controls({ studio, state }: { studio: StudioController; state: StudioState }) {
  const { phase, mode } = state.call;
  return (
    <section class="panel controls" aria-labelledby="call-title">
      <h2 id="call-title" class="eyebrow">
        Call{phase === 'live' && (mode === 'sample' ? ', sample' : ', microphone')}
      </h2>
      <CallButtons studio={studio} state={state} />
      <p
        class="call-state"
        data-testid="call"
        data-phase={phase}
        data-agent={phase === 'live' ? state.agent : undefined}
      >
        <span class="dot" aria-hidden="true" />
        {callText(state)}
      </p>
      <Meters progress={studio.audioProgress} active={phase === 'live' || phase === 'starting'} />
      <RealtimeModel state={state} />
      {(!state.realtime || state.realtime.usesLlm) && <ProfileSelect studio={studio} state={state} />}
    </section>
  );
}
