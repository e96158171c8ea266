import { AccessToken, RoomAgentDispatch, RoomConfiguration } from 'livekit-server-sdk';
import { writeSetFieldsOnly } from '../../internals/room-configuration-json.js';

/** Who may join a room, and which agent is dispatched to it. */
export interface CallerPass {
  apiKey: string;
  apiSecret: string;
  room: string;
  identity: string;
  /** Name of the agent to dispatch, for agents with explicit dispatch. */
  agentName?: string;
  /** Join as a telephone caller does: as a SIP participant. Default `false`. */
  telephone?: boolean;
}

/** Creates a token, valid for six hours, that lets a caller join a room and dispatches the named agent, if any. */
export function callerToken(pass: CallerPass): Promise<string> {
  const token = new AccessToken(pass.apiKey, pass.apiSecret, { identity: pass.identity });
  token.addGrant({ roomJoin: true, room: pass.room });
  if (pass.telephone) token.kind = 'sip';
  if (pass.agentName) {
    const config = new RoomConfiguration({
      agents: [new RoomAgentDispatch({ agentName: pass.agentName })],
    });
    writeSetFieldsOnly(config);
    token.roomConfig = config;
  }
  return token.toJwt();
}
