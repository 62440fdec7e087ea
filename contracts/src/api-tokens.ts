import { z } from "zod";
import { id, instant, textOf } from "./common.ts";

/** What a program may be let do: `read` looks, `trade` changes one's own things, `admin` sees what the user's role oversees. */
export const apiScopes = ["read", "trade", "admin"] as const;
export const apiScope = z.enum(apiScopes);
export type ApiScope = z.infer<typeof apiScope>;

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: "must be an address or a network such as 203.0.113.0/24",
});

/** A key for programs. The token itself is shown when it is made and never again. */
export const apiToken = z
  .object({
    id,
    name: z.string(),
    prefix: z.string().describe("how the token begins, to recognise it by"),
    scopes: z.array(apiScope),
    networks: z.array(z.string()).describe("where it may come from; empty: from anywhere"),
    createdAt: instant,
    expiresAt: instant,
    usedAt: instant.nullable(),
    usedFrom: z.string().nullable(),
  })
  .meta({ id: "ApiToken" });
export type ApiToken = z.infer<typeof apiToken>;
export const apiTokenList = z.object({ items: z.array(apiToken) }).meta({ id: "ApiTokenList" });

export const apiTokenRequest = z
  .object({
    name: textOf(1, 60),
    scopes: z.array(apiScope).min(1).max(apiScopes.length),
    networks: z.array(network).max(20).default([]),
    days: z.number().int().min(1).max(365).default(90).describe("how long it works"),
  })
  .strict()
  .meta({ id: "ApiTokenRequest" });
export const madeApiToken = z
  .object({ apiToken, token: z.string().describe("shown this one time") })
  .meta({ id: "MadeApiToken" });
