import { RequestProblem } from '../chat/problem.js';
import { idsOf, type ProfileBook } from '../profiles/book.js';
import type { Profile } from '../profiles/profiles.js';
import { decodeOr, type Fields } from '../wire/fields.js';
import type { Wire } from '../wire/wire.js';

/** One model as its provider describes it, and what is played for it, with the source of every figure. */
function entry(wire: Wire, id: string, profile: Profile, created: number): Fields {
  return {
    ...wire.modelEntry(id, profile, created),
    emulated: true,
    firstword: {
      profile: profile.name,
      /** False for the one entry of each profile that the others are other names of. */
      isAlias: id !== profile.model,
      ttft: profile.ttft,
      source: profile.source,
      tokensPerSecond: Number.isFinite(profile.tokensPerSecond) ? profile.tokensPerSecond : null,
      paceSource: profile.paceSource,
    },
  };
}

/**
 * The answer to `GET …/models` and `GET …/models/<id>`. A URL that names a profile lists only its provider's models.
 * @throws RequestProblem 404 for a model that does not exist
 */
export function describeModels(options: {
  book: ProfileBook;
  wire: Wire;
  path: string;
  pathProfile: Profile | undefined;
  created: number;
}): Fields {
  const { book, wire, path, pathProfile, created } = options;
  const id = /\/models\/(.+)$/.exec(path)?.[1];
  if (id === undefined) {
    const listed = book.all.filter((p) => pathProfile === undefined || p.provider === pathProfile.provider);
    return wire.modelList(listed.flatMap((p) => idsOf(p).map((name) => entry(wire, name, p, created))));
  }
  const name = decodeOr(id);
  const profile = book.find(name);
  if (!profile)
    throw new RequestProblem(404, 'model_not_found', `The model '${name}' does not exist.`, 'model');
  return entry(wire, name, profile, created);
}
