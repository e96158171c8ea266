import { unknownName } from '@firstword/turn';
import type { GatewayArm } from './arm.js';
import { bifrost } from './bifrost.js';
import { litellm } from './litellm.js';
import { ownGateway } from './own-gateway.js';
import { portkey } from './portkey.js';

export { ownGateway };

/** Other gateways, in the order of the tables. */
const PEERS: readonly GatewayArm[] = [bifrost, litellm, portkey];

/**
 * Gateways that are not measured here, and why.
 * TensorZero's server is published as a Docker image only. Its PyPI package embeds the gateway into a Python client, which
 * has no HTTP between client and gateway, so that its times would not be comparable.
 */
const NOT_HERE: Readonly<Record<string, string>> = {
  tensorzero: 'its server comes as a Docker image only',
};

/**
 * The peers with these names, separated by commas.
 * @param options.onMissing called for a peer that is known and cannot be measured here
 * @throws FirstwordError `bad_input` for a name that is not known
 */
export function peersNamed(
  names: string,
  options: { onMissing: (name: string, reason: string) => void },
): GatewayArm[] {
  const known = [...PEERS.map(({ name }) => name), ...Object.keys(NOT_HERE)];
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => {
      const reason = NOT_HERE[name];
      if (reason !== undefined) {
        options.onMissing(name, reason);
        return [];
      }
      const peer = PEERS.find((one) => one.name === name);
      if (!peer) throw unknownName('peer', name, known);
      return [peer];
    });
}
