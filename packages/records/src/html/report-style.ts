/** CSS of the report pages alone: bars of ledgers, in the colours that owners have in the studio, and findings. */
export const REPORT_STYLE = `
:root{--setting:#c27800;--provider:#0072b2;--network:#009068;--app:#b9528b;--unaccounted:#7b8493}
@media(prefers-color-scheme:dark){:root{--setting:#efa92b;--provider:#4fa8e8;--network:#2fc598;--app:#e28dbf;--unaccounted:#8f99a8}}
.setting{--c:var(--setting)}.provider{--c:var(--provider)}.network{--c:var(--network)}.app{--c:var(--app)}.unaccounted{--c:var(--unaccounted)}
.legend i{background:var(--c)}
.bar{height:14px;border-radius:2px;position:relative;background:var(--card)}
.bar i{position:absolute;top:0;bottom:0;border-radius:2px;min-width:2px;background:var(--c)}
.hidden i{background:repeating-linear-gradient(135deg,var(--c) 0 3px,transparent 3px 6px);box-shadow:inset 0 0 0 1px var(--c)}
.ledger{display:grid;grid-template-columns:minmax(6rem,15rem) 1fr 8.5rem;gap:3px 12px;align-items:center;font-size:.875rem;margin:6px 0}
.ledger span:nth-child(3n){text-align:right}
.ledger small{display:block;white-space:normal}
code{font-size:.85em;background:var(--card);padding:1px 4px;border-radius:4px}
pre{margin:4px 0 12px;padding:8px 10px;overflow-x:auto;background:var(--card);border-radius:6px}pre code{padding:0;background:none}
@media(max-width:520px){.ledger{grid-template-columns:1fr minmax(5.5rem,40%);grid-auto-flow:dense;row-gap:2px}.ledger span:nth-child(3n-2){grid-column:1}.ledger span:nth-child(3n-1){grid-column:1/-1;margin-bottom:6px}.ledger span:nth-child(3n){grid-column:2}}
`;
