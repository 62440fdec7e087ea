import type { SignedInUser, TestApp } from "./app.ts";

const start = Date.UTC(2024, 0, 1);
const hour = 3_600_000;

/** A file of hourly candles; with another lift others open them. */
export const csv = (rows: number, lift = 0) =>
  `time,open,high,low,close,volume\n${Array.from({ length: rows }, (_, i) => `${start + i * hour},${10 + lift},12,9,11,${i}\n`).join("")}`;

/** Sends a file as the form of an import does. */
export async function uploadFile(
  web: TestApp,
  user: SignedInUser,
  content: string | Uint8Array,
  fields: Record<string, string> = {},
) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ symbol: "BTC/USDT", ...fields }))
    form.append(name, value);
  form.append("file", new Blob([Buffer.from(content as string)]), "candles.csv");
  const encoded = new Response(form);
  return web.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { ...user.headers, "content-type": encoded.headers.get("content-type") ?? "" },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
}
