/** How every bar above a page looks. */
export const bar =
  "flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-panel px-3 py-1.5";
