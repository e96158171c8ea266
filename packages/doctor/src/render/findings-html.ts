import { plainText } from '@firstword/records';
import { html, type Markup } from '@firstword/records/html';
import type { Diagnosis } from '../diagnose.js';
import type { RankedFinding, Remedy } from '../finding.js';
import { confidenceText, refText, rivalsText, savingText } from './doctor-words.js';

/** Text with the parts between backticks as code. A backtick without a partner stays. */
function prose(text: string): Markup {
  const pieces = plainText(text).split(/`([^`]*)`/);
  return html`${pieces.map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}

const remedy = (name: string, { text, code }: Remedy): Markup =>
  html`<p><b>${name}:</b> ${prose(text)}</p>${code !== undefined && html`<pre><code>${code}</code></pre>`}`;

/** The page is sent to others, who cannot open a file of this machine, and whose path contains the user's name. */
const pageLink = ({ docs, rule }: RankedFinding): Markup | false =>
  docs.startsWith('https:') && html`<a href="${docs}">${rule}</a>, or `;

function finding(found: RankedFinding): Markup {
  const { fix, experiment, logNext, saving } = found;
  const rivals = rivalsText(found);
  return html`<details${found.rank === 1 && html` open`}><summary><b>${found.rank}. ${found.title}</b> <small>${found.level}: ${savingText(found)}, ${confidenceText(found)}</small></summary>
<p>${prose(found.verdict)}</p>
<ul>${found.evidence.map(({ text, turns, examples }) => html`<li>${prose(text)}${turns > 0 && html` <small>n ${turns}: ${examples.map(refText).join(', ')}</small>`}</li>`)}
<li>Confidence: ${prose(found.confidence.why)}</li>${saving && html`<li>Assumes ${prose(saving.assumes)}</li>`}${rivals !== undefined && html`<li>${rivals}</li>`}</ul>
${remedy('LiveKit', fix.livekit)}${fix.firstword.text !== fix.livekit.text && remedy('Firstword', fix.firstword)}
<p><b>Check:</b> ${prose(found.check)}</p>${experiment !== undefined && html`<p><b>Experiment:</b> ${prose(experiment)}</p>`}${logNext && remedy('Log next', logNext)}
<p class="soft">Mechanism, figures and sources: ${pageLink(found)}<code>npx firstword doctor --explain ${found.rule}</code></p></details>`;
}

/** The doctor's findings for a report's page. */
export function findingsHtml({ findings, verdict }: Diagnosis): Markup {
  if (findings.length === 0) return html`<h2>What to change</h2><p>${verdict}</p>`;
  return html`<h2>What to change</h2><p class="soft">Ranked by expected saving on these turns × confidence. Savings overlap and do not add up.</p>${findings.map(finding)}`;
}
