import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./backend/src/*/schema.ts",
  out: "./backend/migrations",
  casing: "snake_case",
  migrations: { schema: "drizzle" },
});
