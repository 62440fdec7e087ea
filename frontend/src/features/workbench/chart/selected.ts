/** From one instant to another, ms since epoch; of one market, where there are several. */
export type Stretch = Readonly<{ from: number; to: number; market?: string | undefined }>;

/**
 * The trade that is marked, or the stretch of time that is looked at; `shown` counts up when the chart shall also
 * scroll there.
 */
export type Selected = Readonly<{ number: number | null; stretch: Stretch | null; shown: number }>;
