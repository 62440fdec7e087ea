import { desc, sql as raw } from "drizzle-orm";
import { recordDeed } from "../accounts/audit.ts";
import { type Operator, operate } from "../accounts/operate.ts";
import type { Sql } from "../platform/postgres.ts";
import { cleanPng } from "./png.ts";
import { siteLogos } from "./schema.ts";
import { stale } from "./site.ts";

export type Logos = ReturnType<typeof createLogos>;

/** The logo of the site. Each change is a row; the newest holds, and one without a picture takes it away. */
export function createLogos(sql: Sql) {
  return {
    async version(): Promise<number | null> {
      const { version, hasPicture } = await newest(sql);
      return hasPicture ? version : null;
    },

    async find(): Promise<Buffer | null> {
      const [row] = await sql
        .select({ png: siteLogos.png })
        .from(siteLogos)
        .orderBy(desc(siteLogos.version))
        .limit(1);
      return row?.png ?? null;
    },

    change: (actor: Operator, image: string | null, reason: string): Promise<void> => {
      const png = image === null ? null : cleanPng(Buffer.from(image, "base64"));
      return operate(sql, actor, async (transaction) => {
        const old = await newest(transaction);
        const version = old.version + 1;
        const added = await transaction
          .insert(siteLogos)
          .values({ version, png })
          .onConflictDoNothing()
          .returning({ version: siteLogos.version });
        if (added.length === 0) throw stale();
        await recordDeed(transaction, actor, {
          ...{ action: "logo-changed", target: "the logo", reason },
          ...{ before: old, after: { version, hasPicture: png !== null } },
        });
      });
    },
  };
}

async function newest(sql: Sql): Promise<{ version: number; hasPicture: boolean }> {
  const [row] = await sql
    .select({ version: siteLogos.version, hasPicture: hasPicture() })
    .from(siteLogos)
    .orderBy(desc(siteLogos.version))
    .limit(1);
  return row ?? { version: 0, hasPicture: false };
}

const hasPicture = () => raw<boolean>`${siteLogos.png} is not null`;
