const PARTS = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * The stylesheet that all pages share: light and dark, phone and paper. `--a0` to `--a6` colour the arms, `--p0` to
 * `--p7` the parts of a stacked bar.
 */
export const BASE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#12161d;--soft:#565f6e;--line:#dde1e7;--card:#f4f5f7;
--better:#0b7a55;--worse:#b3261e;--notice:#c27800;
--a0:#7a828d;--a1:#1d63d8;--a2:#c2570c;--a3:#0f8a5f;--a4:#8a3fc7;--a5:#b8860b;--a6:#c2255c;
--p0:#1d63d8;--p1:#e08a1e;--p2:#0f8a5f;--p3:#8a3fc7;--p4:#c2255c;--p5:#12a0b4;--p6:#8d6e3f;--p7:#9aa2ad}
@media(prefers-color-scheme:dark){:root{--paper:#0d1015;--ink:#edf0f4;--soft:#9ba5b3;--line:#2b313c;--card:#161a21;
--better:#4cd0a0;--worse:#ff8a80;--notice:#efa92b;
--a0:#98a1ad;--a1:#6ea8ff;--a2:#ff9d57;--a3:#4fd0a0;--a4:#c79bff;--a5:#e5bd4f;--a6:#ff85ae;
--p0:#6ea8ff;--p1:#ffb35c;--p2:#4fd0a0;--p3:#c79bff;--p4:#ff85ae;--p5:#56d4e4;--p6:#c9a878;--p7:#7d8692}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:24px 20px 48px;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.3rem;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:20px 0 4px}h3 small{white-space:normal;font-weight:400}
p{margin:4px 0 12px;max-width:72ch}
.soft,small,figcaption p,footer{color:var(--soft)}
small{font-size:.8em;white-space:nowrap}li small,summary small{white-space:normal}
a{color:var(--a1)}.better{color:var(--better);fill:var(--better);font-weight:600}.worse{color:var(--worse);fill:var(--worse);font-weight:600}
.notice{border-left:4px solid var(--notice);padding:6px 12px;background:var(--card)}
.key-numbers{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}
.key-numbers div{flex:1 1 140px;background:var(--card);border-radius:10px;padding:12px 16px}
.key-numbers b{display:block;font-size:1.6rem;line-height:1.3;white-space:nowrap}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:28px 36px;margin:24px 0}
figure{margin:0;max-width:560px;break-inside:avoid}
figcaption h3{margin:0}figcaption p{font-size:.85rem;margin:2px 0 8px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--soft);font:12.5px system-ui,sans-serif;paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}svg text.name{fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1}
.arm{fill:none;stroke-width:2.2;stroke:var(--c)}
.band{opacity:.16;stroke:none;fill:var(--c)}
circle.arm{stroke-dasharray:none!important}circle.full{fill:var(--c)}circle.open{fill:var(--paper)}
.a0{--c:var(--a0);stroke-dasharray:6 3}.a1{--c:var(--a1)}.a2{--c:var(--a2);stroke-dasharray:2 2}
.a3{--c:var(--a3);stroke-dasharray:9 3 2 3}.a4{--c:var(--a4);stroke-dasharray:4 4}.a5{--c:var(--a5);stroke-dasharray:12 3}.a6{--c:var(--a6);stroke-dasharray:1 3}
${PARTS.map((n) => `.p${n}{fill:var(--p${n});background:var(--p${n})}`).join('')}
.part{stroke:var(--paper);stroke-width:.6}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;padding:0;margin:0 0 8px;font-size:.85rem}
.legend .key{display:inline-block;width:26px;height:10px;margin-right:6px;vertical-align:middle}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px}
.wide{overflow-x:auto;margin:8px 0 20px}
table{border-collapse:collapse;overflow-wrap:normal;font-size:.875rem;min-width:100%}
th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
th{font-weight:600}thead th{color:var(--soft);font-weight:500}
th:first-child{text-align:left;padding-left:0}
details{margin:8px 0}summary{cursor:pointer;padding:4px 0}
footer{font-size:.85rem;margin-top:40px;border-top:1px solid var(--line);padding-top:12px}
@page{margin:14mm}
@media(max-width:520px){body{padding:16px 14px 32px}h1{font-size:1.4rem}svg text{font-size:14px}
.key-numbers div{flex-basis:120px;padding:10px 12px}.key-numbers b{font-size:1.5rem}
th:first-child{white-space:normal;min-width:7rem;position:sticky;left:0;background:var(--paper)}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff;--better:#0b7a55;--worse:#b3261e;--a0:#666;--a1:#1d63d8;--a2:#b04a00;--a3:#0a6b4a;--a4:#6f2aa8;--a5:#8a6400;--a6:#a01648}
body{max-width:none;padding:0;font-size:10pt}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.key-numbers div{border:1px solid var(--line)}.plots{grid-template-columns:1fr 1fr;gap:16px 24px}h2{break-after:avoid}tr{break-inside:avoid}.wide{overflow:visible}table{font-size:8pt}th,td{padding:2px 5px}}
`;
