import type { ImportOptions } from "@trading/contracts/market-data";
import { checked } from "./client.ts";
import { local, ProblemError, problemFrom, unreachable } from "./problem.ts";
import { accessToken, apiUrl, inSession } from "./session.ts";
import type { Shapes } from "./shapes.ts";

type Upload = Readonly<{
  file: File;
  options: ImportOptions;
  onProgress: (share: number) => void;
  signal: AbortSignal;
}>;

/**
 * Sends a file of candles; the answer is the task that imports it. `fetch` cannot tell how much was sent, so this is
 * an XMLHttpRequest. A token that runs out before the server looks at it is renewed and the file sent once more.
 */
export async function uploadCandles(upload: Upload): Promise<Shapes["dataTask"]> {
  const token = await accessToken();
  const send = (bearer: string | null) => attempt(upload, bearer);
  const answer = await (token === null ? send(null) : inSession(token, send));
  return checked("dataTask", JSON.parse(answer));
}

function attempt(
  { file, options, onProgress, signal }: Upload,
  token: string | null,
): Promise<string> {
  // Fields first: the server must know the options before it reads the file.
  const form = new FormData();
  for (const [name, value] of Object.entries(options))
    if (value !== undefined) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", apiUrl("/imports"));
    request.withCredentials = true;
    if (token !== null) request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) =>
      event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300
        ? resolve(request.responseText)
        : reject(problemFrom(request.status, request.responseText));
    request.onerror = () => reject(unreachable());
    request.onabort = () =>
      reject(
        new ProblemError(
          local("cancelled", 0, "Cancelled", "The upload was cancelled; nothing was stored."),
        ),
      );
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
