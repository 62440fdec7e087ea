import { type Line, line, type Source } from "../line.ts";
import { NumberKernel } from "./kernel.ts";

/** A column of the candles as a line, so that it can be compared and crossed with others. Source: the candles as they are. */
export const price = (source: Source = "close"): Line =>
  line(["price"], [source], ([input]) => new Price(input as Float64Array));

class Price extends NumberKernel {
  protected override advance(from: number, to: number, output: Float64Array): void {
    output.set(this.input.subarray(from, to));
  }
}
