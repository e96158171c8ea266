import type { ServerMessage } from '../protocol.js';
import type { ConnectionStatus } from '../socket/connection.js';
import type { Notice, StudioAction, StudioState } from './state.js';
import { addTranscript, endTranscript } from './transcript.js';
import { addTurn } from './turns.js';

/** The state after an action. Pure: `StudioController` operates sockets and audio. */
export function reduce(state: StudioState, action: StudioAction): StudioState {
  switch (action.type) {
    case 'connection':
      return connectionChanged(state, action.status);
    case 'server':
      return serverMessage(state, action.message);
    case 'callRequested':
      return callRequested(state, action);
    case 'callEnded':
      return endCall(state);
    case 'profileChosen':
      return { ...state, profile: action.name, profileChosenByUser: true };
    case 'leversChosen':
      return state.levers
        ? { ...state, levers: { ...state.levers, wanted: action.levers, chosenByUser: true } }
        : state;
    case 'notice':
      return { ...state, notices: withNotice(state.notices, action.notice) };
    case 'dismiss':
      return { ...state, notices: withoutNotice(state.notices, action.code) };
  }
}

function withoutNotice(notices: Notice[], code: string): Notice[] {
  return notices.filter((n) => n.code !== code);
}

function withNotice(notices: Notice[], notice: Notice): Notice[] {
  return [...withoutNotice(notices, notice.code), notice];
}

function callRequested(
  state: StudioState,
  { mode, phase }: Extract<StudioAction, { type: 'callRequested' }>,
): StudioState {
  return {
    ...state,
    call: { phase, mode },
    agent: 'listening',
    transcript: { ...state.transcript, lines: [], interim: {} },
    previousCallId: state.turns[0]?.record.callId,
    summary: { turns: 0 },
    callRecord: undefined,
    doctor: undefined,
    notices: [],
  };
}

function endCall(state: StudioState): StudioState {
  return {
    ...state,
    call: state.call.note === undefined ? { phase: 'idle' } : { phase: 'idle', note: state.call.note },
    agent: 'listening',
    transcript: endTranscript(state.transcript),
    notices: withoutNotice(state.notices, 'mic_muted'),
  };
}

const CONNECTION_LOST: Notice = {
  code: 'connection_dropped',
  tone: 'problem',
  message: 'The connection to the studio was lost, so the call has ended. Reconnecting …',
};
const RECONNECTED: Notice = {
  code: 'connection_dropped',
  tone: 'info',
  message: 'Reconnected. The call has ended; you can start a new one.',
};

function connectionChanged(state: StudioState, status: ConnectionStatus): StudioState {
  const next = { ...state, connection: status };
  const wasLost = state.notices.some((n) => n.code === CONNECTION_LOST.code);
  if (status.state === 'open' && wasLost) return { ...next, notices: withNotice(state.notices, RECONNECTED) };
  if (status.state !== 'waiting' || state.call.phase === 'idle') return next;
  return { ...endCall(next), notices: withNotice(state.notices, CONNECTION_LOST) };
}

/** Whether a call with another id is active. */
const isOfAnotherCall = ({ call }: StudioState, callId: string): boolean =>
  call.phase !== 'idle' && call.callId !== callId;

type SessionMessage = Extract<ServerMessage, { type: 'session' }>;

function sessionChanged(state: StudioState, message: SessionMessage): StudioState {
  const { state: phase, callId, mode, note } = message;
  const call = {
    ...(callId === undefined ? {} : { callId }),
    ...(mode === undefined ? {} : { mode }),
    ...(note === undefined ? {} : { note }),
  };
  // The server may still report a call as live or ended shortly after the page has stopped or replaced it.
  const isAnother = callId !== undefined && state.call.callId !== undefined && callId !== state.call.callId;
  if (phase === 'ended') {
    // Before a call is live only a failure to start ends it, and that message has no call id.
    const isOfPreviousCall =
      state.call.phase === 'asking' || (state.call.phase === 'starting' && callId !== undefined);
    return isAnother || isOfPreviousCall ? state : endCall({ ...state, call: { ...state.call, ...call } });
  }
  if (state.call.phase === 'idle' || state.call.phase === 'asking') return state;
  return { ...state, call: { ...state.call, ...call, phase } };
}

function serverMessage(state: StudioState, message: ServerMessage): StudioState {
  switch (message.type) {
    case 'hello': {
      const { version, recordsDir, profiles, profile, levers, firstword, realtime } = message;
      const keepsProfile = state.profileChosenByUser && profiles.some((p) => p.name === state.profile);
      return {
        ...state,
        server: { version, recordsDir },
        profiles,
        realtime,
        profile: keepsProfile ? state.profile : profile,
        levers: {
          inForce: levers,
          wanted: state.levers?.chosenByUser ? state.levers.wanted : levers,
          firstword,
          chosenByUser: state.levers?.chosenByUser ?? false,
        },
        groups: [],
      };
    }
    case 'session':
      return sessionChanged(state, message);
    case 'profile':
      return { ...state, profile: message.name };
    case 'levers': {
      const { inForce, next = inForce } = message;
      return state.levers ? { ...state, levers: { ...state.levers, inForce, wanted: next } } : state;
    }
    case 'comparison':
      return { ...state, groups: message.groups };
    case 'agentState':
      return { ...state, agent: message.state };
    case 'transcript':
      return { ...state, transcript: addTranscript(state.transcript, message) };
    case 'turn':
      return { ...state, ...addTurn(state, message.record, message.final) };
    case 'call':
      return isOfAnotherCall(state, message.record.callId) ? state : { ...state, callRecord: message.record };
    case 'summary': {
      const { type: _, ...summary } = message;
      return { ...state, summary };
    }
    case 'doctor':
      return {
        ...state,
        doctor: isOfAnotherCall(state, message.report.callId) ? state.doctor : message.report,
      };
    case 'error':
      return { ...state, notices: withNotice(state.notices, { ...message, tone: 'problem' }) };
    case 'clear':
      return state;
  }
}
