import { RequestError } from '../chat/request-error.js';
import type { Profile } from '../profiles/profiles.js';
import { modelIdsOf, type ProfileRegistry } from '../profiles/registry.js';
import { decodeSegment, type Fields } from '../wire/fields.js';
import type { WireFormat } from '../wire/wire.js';

/** One model as its provider describes it, plus the emulated figures and their sources. */
function entry(wire: WireFormat, id: string, profile: Profile, created: number): Fields {
  return {
    ...wire.modelEntry(id, profile, created),
    emulated: true,
    firstword: {
      profile: profile.name,
      /** False for the main entry of each profile, true for its other names. */
      isAlias: id !== profile.model,
      ttft: profile.ttft,
      source: profile.source,
      tokensPerSecond: Number.isFinite(profile.tokensPerSecond) ? profile.tokensPerSecond : null,
      tokensPerSecondSource: profile.tokensPerSecondSource,
    },
  };
}

/**
 * The body of `GET …/models` and `GET …/models/<id>`. A URL that names a profile lists only its provider's models.
 * @throws RequestError 404 for a model that does not exist
 */
export function describeModels(options: {
  profiles: ProfileRegistry;
  wire: WireFormat;
  path: string;
  pathProfile: Profile | undefined;
  created: number;
}): Fields {
  const { profiles, wire, path, pathProfile, created } = options;
  const id = /\/models\/(.+)$/.exec(path)?.[1];
  if (id === undefined) {
    const listed = profiles.all.filter(
      (p) => pathProfile === undefined || p.provider === pathProfile.provider,
    );
    return wire.modelList(listed.flatMap((p) => modelIdsOf(p).map((name) => entry(wire, name, p, created))));
  }
  const name = decodeSegment(id);
  const profile = profiles.find(name);
  if (!profile)
    throw new RequestError(404, 'model_not_found', `The model '${name}' does not exist.`, 'model');
  return entry(wire, name, profile, created);
}
