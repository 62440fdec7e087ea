/** How a report looks: light or dark as the reader's system, and on paper without colours behind. */
export const reportStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --up: light-dark(#0b756b, #26a69a); --down: light-dark(#c62f2c, #ef5350); }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .35rem; }
.notice { border-left: 3px solid #c80; padding: .25rem .75rem; }
.quiet-text { opacity: .7; font-size: .87rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; } dt { opacity: .7; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #8884; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.at { white-space: nowrap; font-variant-numeric: tabular-nums; }
.up { color: var(--up); } .down { color: var(--down); }
.wide { overflow-x: auto; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .7; }
.grid { stroke: #8884; } .main { stroke: #2b7de0; } .quiet { stroke: #999; } .loss { stroke: #d04a4a; }
rect.won { fill: var(--up); } rect.lost { fill: var(--down); }
polyline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
footer { margin: 2rem 0; opacity: .8; overflow-wrap: anywhere; }
@media print {
  :root { color-scheme: light; font-size: 11px; } body { max-width: none; margin: 0; }
  section, tr, svg { break-inside: avoid; } section:last-of-type { break-inside: auto; }
  .wide { overflow: visible; } thead { display: table-header-group; }
}
`;
