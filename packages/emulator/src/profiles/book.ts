import { FirstwordError } from '@firstword/turn';
import { PROFILES, type Profile } from './profiles.js';

/** A profile of your own: what is left out is as at OpenAI, with an assumed pace. */
export type CustomProfile = Pick<Profile, 'name' | 'ttft' | 'source'> & Partial<Profile>;

const ASSUMED_TOKENS_PER_SECOND = 80;

/** The profiles that one emulator plays. */
export class ProfileBook {
  /** Own ones first: they hide published ones of the same name. */
  readonly all: readonly Profile[];

  /** @throws FirstwordError `bad_input` for figures that are no distribution */
  constructor(own: readonly CustomProfile[] = []) {
    const names = new Set(own.map((profile) => profile.name));
    this.all = [...own.map(completed), ...PROFILES.filter((profile) => !names.has(profile.name))];
  }

  /** The profile with this name, model id or alias; `undefined` when there is none. */
  find(nameOrModel: string): Profile | undefined {
    const wanted = nameOrModel.toLowerCase();
    return this.all.find((profile) => idsOf(profile).some((id) => id.toLowerCase() === wanted));
  }

  /** @throws FirstwordError `bad_input` that names every profile */
  mustFind(name: string): Profile {
    const profile = this.find(name);
    if (profile) return profile;
    const names = this.all.map((p) => p.name).join(', ');
    throw new FirstwordError('bad_input', `There is no emulator profile '${name}'. Choose one of: ${names}.`);
  }
}

/** Every id that a profile answers to, its own first. */
export function idsOf(profile: Profile): string[] {
  return [...new Set([profile.model, profile.name, ...profile.aliases])];
}

function completed(own: CustomProfile): Profile {
  const { p50Ms, p95Ms, maxMs = Number.POSITIVE_INFINITY } = own.ttft;
  if (!(p50Ms >= 0 && p95Ms >= p50Ms && maxMs >= p95Ms)) {
    throw new FirstwordError(
      'bad_input',
      `Profile '${own.name}' has a TTFT of p50 ${p50Ms}, p95 ${p95Ms}, max ${maxMs} ms. Give 0 <= p50 <= p95 <= max.`,
    );
  }
  return {
    model: own.name,
    aliases: [],
    provider: 'openai',
    tokensPerSecond: ASSUMED_TOKENS_PER_SECOND,
    paceSource: 'assumption: set tokensPerSecond to your own figure',
    reasons: 'never',
    ...own,
  };
}

const PUBLISHED = new ProfileBook();

/** The published profile with this name, model id or alias; `undefined` when there is none. */
export function findProfile(nameOrModel: string): Profile | undefined {
  return PUBLISHED.find(nameOrModel);
}
