import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";

const validDays = 180;

/** /.well-known/security.txt (RFC 9116): where to report a vulnerability, if the operator says where. */
export function registerSecurityText(
  app: FastifyInstance,
  { securityContact, frontendUrl }: Pick<Config, "securityContact" | "frontendUrl">,
): void {
  if (securityContact === null) return;
  app.get("/.well-known/security.txt", (_request, reply) => {
    const expires = new Date(Date.now() + validDays * 86_400_000).toISOString();
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${expires}`,
      `Canonical: ${frontendUrl}/.well-known/security.txt`,
      "Preferred-Languages: en",
    ];
    return reply.type("text/plain; charset=utf-8").send(`${lines.join("\n")}\n`);
  });
}
