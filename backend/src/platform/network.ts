import { isIPv4 } from "node:net";

/**
 * The network an address belongs to, as limits count it: /24 of IPv4, /64 of IPv6. One customer of a provider often
 * has a whole /64; one address alone is nothing to count by.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIPv4(plain)) return `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  return `${expanded(plain).slice(0, 4).join(":")}::/64`;
}

/** The eight groups of an IPv6 address. */
function expanded(address: string): string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = (part: string) => part.split(":").filter((group) => group !== "");
  const before = groups(head);
  const after = groups(tail ?? "");
  const between = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  return [...before, ...between, ...after].map((group) => group.replace(/^0+(?=.)/, ""));
}
