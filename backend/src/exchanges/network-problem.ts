/** What went wrong below HTTP, in words; null for what lies above it. */
export function networkProblem(error: unknown): string | null {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === "TimeoutError") return "no answer in time";
  switch (cause?.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name cannot be resolved (no network?)";
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return "the connection was refused or cut";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return "the network is not reachable";
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return "no connection in time";
    default:
      return cause?.code?.includes("CERT") === true ? "its certificate is not trusted" : null;
  }
}
