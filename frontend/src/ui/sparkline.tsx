type SparklineProps = Readonly<{
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
  className?: string;
}>;

/** A small line of values; coloured by whether it ends above or below its start. Decorative beside its figures. */
export function Sparkline({ values, label, width = 96, height = 24, className }: SparklineProps) {
  const points = path(values, width, height);
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 0;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      className={className}
    >
      <path
        d={points}
        fill="none"
        stroke={last >= first ? "var(--up)" : "var(--down)"}
        strokeWidth="1.25"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

function path(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return "";
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = 1 + (1 - (value - low) / span) * (height - 2);
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
