// Checks of a packed tarball: publint, are-the-types-wrong, secretlint, and the checks of faults.mjs.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { filterProblems, problemKindInfo } from '@arethetypeswrong/core/problems';
import { lintSource } from '@secretlint/core';
import { creator as secretRules } from '@secretlint/secretlint-rule-preset-recommend';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { fileFaults, textFaults } from './faults.mjs';

/**
 * The ways to resolve types that are checked. The packages are ESM only, with `exports`: `node10` cannot read `exports`,
 * and `node16-cjs` always warns that CommonJS cannot `require` ESM, which is meant (Node 20.19 and later can).
 */
const RESOLUTIONS = ['node16-esm', 'bundler'];
const TEXT = /(^LICENSE|\.(?:[cm]?js|ts|json|md|html|css|svg|txt|ya?ml))$/;

/** What is wrong with the tarball of a package, as sentences. */
export async function tarballFaults(tarball, context) {
  const files = createPackageFromTarballData(tarball);
  const prefix = `/node_modules/${files.packageName}/`;
  const paths = files.listFiles().map((path) => path.slice(prefix.length));
  const faults = fileFaults(paths);
  for (const path of paths.filter((each) => TEXT.test(each))) {
    const text = files.readFile(prefix + path);
    faults.push(...textFaults(path, text, context), ...(await secretFaults(path, text)));
  }
  return [...faults, ...(await publintFaults(tarball)), ...(await typeFaults(files))];
}

/** The message of a finding contains the secret, so only the rule is named. */
async function secretFaults(path, content) {
  const { messages } = await lintSource({
    source: { content, filePath: path, ext: path.slice(path.lastIndexOf('.')), contentType: 'text' },
    options: { config: { rules: [{ id: 'recommended', rule: secretRules }] } },
  });
  return messages.map(({ ruleId }) => `${path} contains what looks like a key (${ruleId})`);
}

async function publintFaults(tarball) {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function typeFaults(files) {
  const analysis = await checkPackage(files);
  const problems = RESOLUTIONS.flatMap((resolutionKind) => filterProblems(analysis, { resolutionKind }));
  const sentences = problems.map(({ kind, entrypoint }) => {
    const { shortDescription, docsUrl } = problemKindInfo[kind];
    return `are-the-types-wrong: ${entrypoint ?? 'package'}: ${shortDescription} (${docsUrl})`;
  });
  return [...new Set(sentences)];
}
