import { FirstwordError, unknownName } from '@firstword/turn';
import { PROFILES, type Profile } from './profiles.js';

/**
 * A user-defined profile. Only `name`, `ttft` and `source` are required; the defaults are OpenAI's response format, 80
 * tokens per second and no reasoning.
 */
export type CustomProfile = Pick<Profile, 'name' | 'ttft' | 'source'> & Partial<Profile>;

const ASSUMED_TOKENS_PER_SECOND = 80;

/** The profiles of one emulator: custom ones and the published ones. */
export class ProfileRegistry {
  /** Custom profiles first; a custom profile replaces the published one of the same name. */
  readonly all: readonly Profile[];

  /** @throws FirstwordError `bad_input` unless 0 <= p50 <= p95 <= max */
  constructor(custom: readonly CustomProfile[] = []) {
    const names = new Set(custom.map((profile) => profile.name));
    this.all = [...custom.map(withDefaults), ...PROFILES.filter((profile) => !names.has(profile.name))];
  }

  /** The profile with this name, model id or alias, case-insensitive; `undefined` when there is none. */
  find(nameOrModel: string): Profile | undefined {
    const wanted = nameOrModel.toLowerCase();
    return this.all.find((profile) => modelIdsOf(profile).some((id) => id.toLowerCase() === wanted));
  }

  /** As `find`. @throws FirstwordError `bad_input` that lists every profile when there is none */
  get(name: string): Profile {
    const profile = this.find(name);
    if (profile) return profile;
    const names = this.all.map((p) => p.name);
    throw unknownName('emulator profile', name, names);
  }
}

/** Every model id of a profile: its model first, then its name and aliases. */
export function modelIdsOf(profile: Profile): string[] {
  return [...new Set([profile.model, profile.name, ...profile.aliases])];
}

function withDefaults(custom: CustomProfile): Profile {
  const { p50Ms, p95Ms, maxMs = Number.POSITIVE_INFINITY } = custom.ttft;
  if (!(p50Ms >= 0 && p95Ms >= p50Ms && maxMs >= p95Ms)) {
    throw new FirstwordError(
      'bad_input',
      `Profile '${custom.name}' has a TTFT of p50 ${p50Ms}, p95 ${p95Ms}, max ${maxMs} ms. Give 0 <= p50 <= p95 <= max.`,
    );
  }
  return {
    model: custom.name,
    aliases: [],
    provider: 'openai',
    tokensPerSecond: ASSUMED_TOKENS_PER_SECOND,
    tokensPerSecondSource: 'assumption: set tokensPerSecond to your own figure',
    reasoning: 'never',
    ...custom,
  };
}

const PUBLISHED = new ProfileRegistry();

/** The published profile with this name, model id or alias; `undefined` when there is none. */
export function findProfile(nameOrModel: string): Profile | undefined {
  return PUBLISHED.find(nameOrModel);
}
