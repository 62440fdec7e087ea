/** How a report looks: light or dark as the reader's system, on a phone in one column, and on paper without colours behind. */
export const reportStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --up: light-dark(#0b756b, #26a69a); --down: light-dark(#c62f2c, #ef5350); --page: light-dark(#fff, #121212); }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; background: var(--page); }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .35rem; }
.notice { border-left: 3px solid #c80; padding: .25rem .75rem; }
.quiet-text { opacity: .7; font-size: .87rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; } dt { opacity: .7; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #8884; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.at { white-space: nowrap; font-variant-numeric: tabular-nums; }
.up { color: var(--up); } .down { color: var(--down); }
/* A table that is wider than the page scrolls; a shadow at its edge says that there is more. */
.wide { overflow-x: auto; background:
  linear-gradient(to right, var(--page) 1rem, transparent) left / 2rem 100% no-repeat local,
  linear-gradient(to left, var(--page) 1rem, transparent) right / 2rem 100% no-repeat local,
  linear-gradient(to right, #8886, transparent) left / .75rem 100% no-repeat scroll,
  linear-gradient(to left, #8886, transparent) right / .75rem 100% no-repeat scroll; }
.chart { display: grid; grid-template-columns: auto 1fr; gap: 0 .5rem; margin: .75rem 0 1.25rem; font-size: .8rem; font-variant-numeric: tabular-nums; }
.chart figcaption { grid-column: 2; display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-bottom: .25rem; }
.chart i { display: inline-block; width: 1.25rem; margin-right: .4rem; border-top: 2px solid; vertical-align: middle; }
.scale { position: relative; opacity: .7; }
.scale span { position: absolute; right: 0; transform: translateY(-50%); }
.ends { grid-column: 2; display: flex; justify-content: space-between; gap: 1rem; margin-top: .25rem; opacity: .7; }
svg { width: 100%; height: 15rem; overflow: visible; }
.grid { stroke: #8884; } .main { stroke: #2b7de0; color: #2b7de0; } .quiet { stroke: #999; color: #999; } .loss { stroke: #d04a4a; color: #d04a4a; }
rect.won { fill: var(--up); } rect.lost { fill: var(--down); }
polyline, line { fill: none; vector-effect: non-scaling-stroke; } polyline { stroke-width: 1.5; }
footer { margin: 2rem 0; opacity: .8; overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  dl { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
  svg { height: 11rem; }
  .wide:not(.told) td:not(.n, .at) { min-width: 7rem; } .wide:not(.told) td:first-child { min-width: 4.5rem; }
  .told thead th:last-child { display: none; }
  .told tr { display: grid; grid-template-columns: 1fr auto auto; border-bottom: 1px solid #8884; }
  .told th, .told td { border: 0; } .told .n { min-width: 6.5rem; }
  .told td:last-child { grid-column: 1 / -1; padding-top: 0; opacity: .7; }
}
@media print {
  :root { color-scheme: light; font-size: 11px; } body { max-width: none; margin: 0; }
  section, tr, figure { break-inside: avoid; } section:last-of-type { break-inside: auto; }
  .wide { overflow: visible; background: none; } thead { display: table-header-group; }
}
`;
