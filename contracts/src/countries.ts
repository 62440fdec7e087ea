import { z } from "zod";
import { countryCodes } from "./country-codes.ts";

export const country = z.enum(countryCodes).describe("ISO 3166-1 alpha-2, such as DE");

/** What an operator asks of people about the country they live in. */
export type CountryRule = Readonly<{
  /** Everybody is asked: the operator wants it, or some country is blocked. */
  isAsked: boolean;
  blocked: readonly string[];
}>;

/** In which country somebody says to live, and what follows from it. */
export const residence = z
  .object({
    country: z.string().nullable(),
    saidAt: z.iso.datetime().nullable(),
    state: z
      .enum(["open", "asked", "blocked"])
      .describe("`asked` and `blocked` begin nothing new until that is settled"),
  })
  .meta({ id: "Residence" });
export type Residence = z.infer<typeof residence>;

export const countryStatement = z.object({ country }).strict().meta({ id: "CountryStatement" });
