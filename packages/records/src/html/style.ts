/** The page's whole look: light, dark, on a telephone and on paper. Owners have the studio's colours. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#12161d;--soft:#565f6e;--line:#dde1e7;--card:#f4f5f7;--fell:#0b7a55;--rose:#b3261e;
--a:#7a828d;--b:#1d63d8;--setting:#c27800;--provider:#0072b2;--network:#009068;--app:#b9528b;--unaccounted:#7b8493}
@media(prefers-color-scheme:dark){:root{--paper:#0d1015;--ink:#edf0f4;--soft:#9ba5b3;--line:#2b313c;--card:#161a21;--fell:#4cd0a0;--rose:#ff8a80;
--a:#98a1ad;--b:#6ea8ff;--setting:#efa92b;--provider:#4fa8e8;--network:#2fc598;--app:#e28dbf;--unaccounted:#8f99a8}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:24px 20px 48px;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.25rem;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:20px 0 4px}h3 small{white-space:normal;font-weight:400}
p{margin:4px 0 12px;max-width:72ch}
.soft,small,figcaption,footer{color:var(--soft)}
small{font-size:.8em;white-space:nowrap}
.notice{border-left:4px solid var(--setting);padding:6px 12px;background:var(--card)}
.hero{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:20px 0}
.hero div{background:var(--card);border-radius:10px;padding:12px 16px}
.hero b{display:block;font-size:2rem;line-height:1.2}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:24px 36px;margin:20px 0}
figure{margin:0;max-width:560px;break-inside:avoid}figcaption{font-size:.85rem;margin:0 0 8px}
figcaption b{display:block;color:var(--ink);font-size:1rem}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--soft);font:12.5px system-ui,sans-serif}
.grid{stroke:var(--line);stroke-width:1}
.curve{fill:none;stroke:var(--b);stroke-width:2.2}.curve.first{stroke:var(--a);stroke-dasharray:6 3}
.band{fill:var(--b);opacity:.16}.mark{fill:var(--b)}
.bar{height:14px;border-radius:2px;position:relative;background:var(--card)}
.bar i{position:absolute;top:0;bottom:0;border-radius:2px;min-width:2px;background:var(--c)}
.hidden i{background:repeating-linear-gradient(135deg,var(--c) 0 3px,transparent 3px 6px);box-shadow:inset 0 0 0 1px var(--c)}
.setting{--c:var(--setting)}.provider{--c:var(--provider)}.network{--c:var(--network)}.app{--c:var(--app)}.unaccounted{--c:var(--unaccounted)}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;padding:0;margin:0 0 8px;list-style:none;font-size:.85rem}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;background:var(--c)}
.ledger{display:grid;grid-template-columns:minmax(6rem,12rem) 1fr 5.5rem;gap:3px 12px;align-items:center;font-size:.875rem;margin:6px 0}
.ledger span:nth-child(3n){text-align:right}
.ledger small{display:block;white-space:normal}
.wide{overflow-x:auto;margin:4px 0 16px}
table{border-collapse:collapse;font-size:.875rem;min-width:100%}
th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600}thead th{color:var(--soft);font-weight:500}
th:first-child{text-align:left;padding-left:0}
.fell{color:var(--fell)}.rose{color:var(--rose)}
li small{white-space:normal}
code{font-size:.85em;white-space:pre-wrap;background:var(--card);padding:1px 4px;border-radius:4px}
details{margin:8px 0}summary{cursor:pointer;padding:4px 0}
footer{font-size:.85rem;margin-top:40px;border-top:1px solid var(--line);padding-top:12px}
@media(max-width:520px){body{padding:16px 14px 32px}h1{font-size:1.4rem}svg text{font-size:14px}.hero{grid-template-columns:1fr 1fr}.hero div{padding:10px 12px}
.hero b{font-size:1.5rem}.ledger{grid-template-columns:1fr 5.5rem}.ledger span:nth-child(3n-2){grid-column:1}.ledger span:nth-child(3n-1){grid-column:1;grid-row:auto}.ledger span:nth-child(3n){grid-column:2}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff}body{max-width:none;padding:0;font-size:10pt}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}.hero div{border:1px solid var(--line)}h2{break-after:avoid}tr{break-inside:avoid}.wide{overflow:visible}}
`;
