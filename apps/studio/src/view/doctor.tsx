import type { DoctorFinding } from '../protocol.js';
import { isCallEmulated } from '../state/selectors.js';
import type { StudioState } from '../state/state.js';
import { scopeText, splitCode, turnsText, verdictText } from './doctor-text.js';

/** Renders text with the parts between backticks as code. */
function Prose({ text }: { text: string }) {
  return <>{splitCode(text).map((piece, at) => (at % 2 === 1 ? <code key={at}>{piece}</code> : piece))}</>;
}

interface AdviceProps {
  label: string;
  text: string;
  code?: string | undefined;
}

function Advice({ label, text, code }: AdviceProps) {
  return (
    <div class="advice">
      <dt>{label}</dt>
      <dd>
        <Prose text={text} />
        {code !== undefined && (
          <pre class="advice-code">
            <code>{code}</code>
          </pre>
        )}
      </dd>
    </div>
  );
}

function Evidence({ finding }: { finding: DoctorFinding }) {
  const { evidence, confidence, saving, rivalsText } = finding;
  return (
    <div class="advice">
      <dt>Evidence</dt>
      <dd>
        <ul class="evidence">
          {evidence.map((proof) => (
            <li key={proof.text}>
              <Prose text={proof.text} /> <span class="muted">{turnsText(proof)}</span>
            </li>
          ))}
          <li class="muted">
            {finding.sureText}: <Prose text={confidence.why} />
          </li>
          {saving && (
            <li class="muted">
              assumes <Prose text={saving.assumes} />
            </li>
          )}
          {rivalsText && <li class="muted">{rivalsText}</li>}
        </ul>
      </dd>
    </div>
  );
}

/** One finding. It opens to its evidence, the fix and how to verify it. */
function Finding({ finding }: { finding: DoctorFinding }) {
  const { fix, experiment, logNext } = finding;
  const isSame = fix.firstword.text === fix.livekit.text;
  return (
    <li>
      <details class="finding" data-testid="finding" data-rule={finding.rule} data-level={finding.level}>
        <summary>
          <span class="finding-title">{finding.title}</span>
          <span class="finding-worth">
            <span class="badge" data-level={finding.level}>
              {finding.level}
            </span>{' '}
            {finding.savingText}, {finding.sureText}
          </span>
        </summary>
        <div class="finding-body">
          <p>
            <Prose text={finding.verdict} />
          </p>
          <dl>
            <Evidence finding={finding} />
            <Advice label={isSame ? 'Fix' : 'Fix in LiveKit'} {...fix.livekit} />
            {!isSame && <Advice label="Fix in Firstword" {...fix.firstword} />}
            <Advice label="Verify" text={finding.check} />
            {experiment && <Advice label="Experiment" text={experiment} />}
            {logNext && <Advice label="Log also" {...logNext} />}
            <div class="advice">
              <dt>Docs</dt>
              <dd>
                <a href={finding.docs} target="_blank" rel="noreferrer">
                  Mechanism, figures and sources of {finding.rule}
                </a>
              </dd>
            </div>
          </dl>
        </div>
      </details>
    </li>
  );
}

/** The doctor's findings on the call so far. */
export function Doctor({ state }: { state: StudioState }) {
  const { doctor, levers } = state;
  return (
    <section
      class="panel doctor"
      aria-labelledby="doctor-title"
      data-testid="doctor"
      data-call={doctor?.callId}
      data-turns={doctor?.turns}
    >
      <h2 id="doctor-title" class="eyebrow">
        Doctor
        {doctor && isCallEmulated(state) && <span class="badge badge-emulated">LLM emulated</span>}
      </h2>
      {doctor && levers ? (
        <>
          <p class="doctor-verdict">
            <Prose text={verdictText(doctor)} />
          </p>
          {doctor.findings.length > 0 && (
            <ol class="findings">
              {doctor.findings.map((finding) => (
                <Finding key={finding.rule} finding={finding} />
              ))}
            </ol>
          )}
          <p class="axis-note">{scopeText(doctor, levers.firstword)}</p>
        </>
      ) : (
        <p class="muted">
          After the first answer: what causes the latency, how to fix it, and how to verify the fix.
        </p>
      )}
    </section>
  );
}
