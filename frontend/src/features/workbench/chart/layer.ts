import type {
  IChartApi,
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  PrimitiveHoveredItem,
  PrimitivePaneViewZOrder,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from "lightweight-charts";
import { barOf, type ViewWindow } from "./view-window.ts";

type DrawTarget = Parameters<IPrimitivePaneRenderer["draw"]>[0];

/** What a layer draws with: candle indices and prices in, device pixels out. */
export type Canvas = Readonly<{
  context: CanvasRenderingContext2D;
  x: (index: number) => number;
  y: (price: number) => number;
  /** Device pixels between two candles; below 1 several share a pixel. */
  spacing: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  width: number;
  height: number;
  /** Candles in view, `to` exclusive, one more on each side. */
  from: number;
  to: number;
}>;

export type LayerOptions = Readonly<{
  zOrder: PrimitivePaneViewZOrder;
  draw: (canvas: Canvas) => void;
  hit?: (x: number, y: number) => PrimitiveHoveredItem | null;
}>;

/**
 * Draws straight from columns onto the pane of a series, so that new values cost one repaint and no copies. The
 * library's own series would sort and store every point again on each move of a slider.
 */
export class Layer implements ISeriesPrimitive<Time> {
  readonly #options: LayerOptions;
  readonly #window: () => ViewWindow;
  readonly #views;
  #attached: SeriesAttachedParameter<Time> | null = null;

  constructor(window: () => ViewWindow, options: LayerOptions) {
    this.#window = window;
    this.#options = options;
    const renderer = { draw: (target: DrawTarget) => this.#draw(target) };
    this.#views = [{ zOrder: () => options.zOrder, renderer: () => renderer }];
  }

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#attached = parameter;
  }

  detached(): void {
    this.#attached = null;
  }

  paneViews() {
    return this.#views;
  }

  hitTest(x: number, y: number): PrimitiveHoveredItem | null {
    return this.#options.hit?.(x, y) ?? null;
  }

  redraw(): void {
    this.#attached?.requestUpdate();
  }

  /** Turns candle indices and prices into CSS pixels; null before anything can be drawn. */
  scale(): Scale | null {
    return (
      this.#attached &&
      scaleOf(this.#attached.chart as IChartApi, this.#attached.series, this.#window())
    );
  }

  #draw(target: DrawTarget): void {
    const scale = this.scale();
    if (!scale) return;
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the canvas library, not a hook.
    target.useBitmapCoordinateSpace((scope) => {
      const { horizontalPixelRatio: across, verticalPixelRatio: down } = scope;
      this.#options.draw({
        context: scope.context,
        x: (index) => scale.x(index) * across,
        y: (price) => scale.y(price) * down,
        spacing: scale.spacing * across,
        ratio: across,
        width: scope.bitmapSize.width,
        height: scope.bitmapSize.height,
        from: scale.from,
        to: scale.to,
      });
    });
  }
}

export type Scale = Readonly<{
  x: (index: number) => number;
  y: (price: number) => number;
  spacing: number;
  from: number;
  to: number;
}>;

function scaleOf(
  chart: IChartApi,
  series: ISeriesApi<SeriesType, Time>,
  window: ViewWindow,
): Scale | null {
  const timeScale = chart.timeScale();
  const visible = timeScale.getVisibleLogicalRange();
  const origin = timeScale.logicalToCoordinate(0 as Logical);
  const next = timeScale.logicalToCoordinate(1 as Logical);
  if (!visible || origin === null || next === null) return null;
  const perBar = next - origin;
  const first = window.from + (Math.floor(visible.from) - 1) * window.factor;
  const last = window.from + (Math.ceil(visible.to) + 2) * window.factor;
  return {
    x: (index) => origin + barOf(window, index) * perBar,
    y: (price) => series.priceToCoordinate(price) ?? Number.NaN,
    spacing: perBar / window.factor,
    from: Math.max(window.from, first),
    to: Math.max(window.from, Math.min(window.to, last)),
  };
}
