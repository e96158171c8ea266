/** CSS of the pages of `firstword compare` alone. */
export const COMPARE_STYLE = `
.range{stroke-width:5;stroke-linecap:round;opacity:.4;stroke-dasharray:none!important}
.zero{stroke:var(--ink);stroke-width:1}
td em{color:var(--worse);font-style:normal;font-size:.8em}
.turns td:nth-child(2),.turns th:nth-child(2),.goals td,.goals th{text-align:left;white-space:normal}
.turns td:nth-child(2){min-width:9rem}.goals td:nth-child(2){white-space:nowrap}
.tapes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:12px}
.tapes div{background:var(--card);border-radius:10px;padding:12px 14px}.tapes p{margin:0}.tapes label{display:block;margin-top:8px}
.recordings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:12px}
.recordings div{background:var(--card);border-radius:10px;padding:10px 12px}.recordings p{margin:0;overflow-wrap:anywhere}.recordings svg{width:100%;display:block}
.turn{fill:var(--better);opacity:.18}.sound{fill:var(--ink);opacity:.75}.end{stroke:var(--worse);stroke-width:2}
audio{display:block;width:100%;height:36px}
@media print{.tapes,.listen,details:not([open]){display:none}}
`;
