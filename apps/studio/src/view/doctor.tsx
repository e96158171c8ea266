import type { DoctorFinding } from '../protocol.js';
import { isCallEmulated } from '../state/selectors.js';
import type { StudioState } from '../state/state.js';
import { scopeText, splitCode, turnsText, verdictText } from './doctor-text.js';

/** Text with its code set as code. */
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
      <dt>Seen</dt>
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

/** One finding: a line that opens to how it is known, what to change and how to check. */
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
            {finding.savingText}
          </span>
        </summary>
        <div class="finding-body">
          <p>
            <Prose text={finding.verdict} />
          </p>
          <dl>
            <Evidence finding={finding} />
            <Advice label={isSame ? 'Change' : 'LiveKit'} {...fix.livekit} />
            {!isSame && <Advice label="Firstword" {...fix.firstword} />}
            <Advice label="Check" text={finding.check} />
            {experiment && <Advice label="Experiment" text={experiment} />}
            {logNext && <Advice label="Log next" {...logNext} />}
            <Advice label="Read" text={`\`${finding.docs}\``} />
          </dl>
        </div>
      </details>
    </li>
  );
}

/** What the doctor says of the call so far. */
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
        What the doctor says
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
        <p class="muted">After the first answer: what takes the time, what to change, and how to check.</p>
      )}
    </section>
  );
}
