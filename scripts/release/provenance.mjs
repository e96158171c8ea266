// Provenance: the registry's proof of the commit and the job that built a package. It needs a CI job's identity token.

/** Why a package with this `repository.url` cannot be published with provenance from here: none or one sentence. */
export function provenanceFaults(repositoryUrl, env) {
  const onGitHub = env.GITHUB_ACTIONS === 'true';
  const onGitLab = env.GITLAB_CI === 'true';
  if (!onGitHub && !onGitLab) {
    return [
      'Publishing needs a CI job (GitHub Actions or GitLab), because packages carry provenance: docs/releasing.md.',
    ];
  }
  if (onGitHub && !env.ACTIONS_ID_TOKEN_REQUEST_URL) {
    return ['This job has no identity token for provenance: give it `permissions: id-token: write`.'];
  }
  if (onGitLab && !env.SIGSTORE_ID_TOKEN) {
    return [
      'This job has no identity token for provenance: give it `id_tokens: SIGSTORE_ID_TOKEN: aud: sigstore`.',
    ];
  }
  const here = onGitHub ? `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}` : env.CI_PROJECT_URL;
  if (repositoryUrl === `git+${here}.git`) return [];
  return [
    `The packages name ${repositoryUrl} as their repository, but this job runs in ${here}: npm refuses that.`,
  ];
}
