import { AccessToken, RoomAgentDispatch, RoomConfiguration } from 'livekit-server-sdk';
import { writeSetFieldsOnly } from '../../internals/room-configuration-json.js';

/** Who may join, and which agent is to come. */
export interface CallerPass {
  apiKey: string;
  apiSecret: string;
  room: string;
  identity: string;
  /** For agents that come only when they are called by name. */
  agentName?: string;
  /** Comes as a telephone's caller does: a SIP participant. */
  telephone?: boolean;
}

/** A token, good for six hours, that lets a caller into a room and calls an agent there by its name where told. */
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
