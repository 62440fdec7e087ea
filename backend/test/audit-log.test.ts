import { drizzle } from "drizzle-orm/node-postgres";
import { beforeAll, expect, test } from "vitest";
import { recordDeed } from "../src/accounts/audit.ts";
import { verifyAuditLog } from "../src/accounts/audit-chain.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { operators } from "./support/operator.ts";

const site = siteOfFile();
let admin: SignedInUser;
beforeAll(async () => {
  admin = await site.signedIn("admin");
});

const { ask, newest, query, read } = operators(site, () => admin);

test("the audit log cannot be changed, and a deed that fails leaves no line", async () => {
  const change = [
    "update audit_log set reason = ''",
    "delete from audit_log",
    "truncate audit_log",
  ];
  for (const text of change) await expect(query(text), text).rejects.toThrow("only added to");
  const [before] = await query("select count(*)::int as n from audit_log");
  const failing = site.database.db.transaction(async (transaction) => {
    const deed = { action: "announced", target: "x", reason: "x" } as const;
    await recordDeed(transaction, { id: null, address: "x" }, deed);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await query("select count(*)::int as n from audit_log")).toEqual([before]);
});

test("the lines of the log follow from each other, and whatever was changed past the triggers is found", async () => {
  const { db, pool } = site.database;
  const deed = { action: "announced", target: "x", reason: "x", after: { text: "é" } } as const;
  await Promise.all(
    Array.from({ length: 10 }, () => recordDeed(db, { id: null, address: "x" }, deed)),
  );
  const whole = await verifyAuditLog(db, null);
  expect(whole).toMatchObject({ brokenAt: null, holdsKnown: true });
  expect(whole.head?.position).toBe(whole.lines);
  const line = whole.lines - 5;
  const changes = [
    [`update audit_log set reason = 'another' where position = ${line}`, line],
    [`delete from audit_log where position = ${line}`, line + 1],
    ["delete from audit_log where position = 1", 2],
  ] as const;
  for (const [change, brokenAt] of changes) {
    const client = await pool.connect();
    await client.query(`begin; alter table audit_log disable trigger user; ${change}`);
    expect((await verifyAuditLog(drizzle({ client }), null)).brokenAt, change).toBe(brokenAt);
    await client.query("rollback");
    client.release();
  }
  // The last lines can be cut off by whoever owns the database: then a line that was noted is missing.
  const client = await pool.connect();
  await client.query("begin; alter table audit_log disable trigger user");
  await client.query(`delete from audit_log where position > ${line}`);
  const cut = await verifyAuditLog(drizzle({ client }), whole.head);
  expect(cut).toMatchObject({ brokenAt: null, holdsKnown: false });
  await client.query("rollback");
  client.release();
});

test("the log is filtered, paged and exported, and no cell of it runs in a spreadsheet", async () => {
  const user = await site.signedIn();
  const reason = '=HYPERLINK("x"),\nrun';
  await ask("POST", `/admin/users/${user.id}/verification`).with({ reason });
  const found = await read(`/admin/audit?targetId=${user.id}&action=user-verified`);
  expect(found).toMatchObject({ total: 1, items: [{ reason }] });
  const csv = (await ask("GET", `/admin/audit.csv?targetId=${user.id}`).with()).body;
  expect(csv).toContain(`"'=HYPERLINK(""x""),\nrun"`);
  expect(csv.split("\r\n")[0]).toBe(
    "position,at,actorName,actorId,action,target,targetId,before,after,address,reason,hash",
  );
});

test("a withdrawn invitation is in the log", async () => {
  const { invitation } = (await ask("POST", "/admin/invitations").with({})).json();
  await ask("DELETE", `/admin/invitations/${invitation.id}`).with();
  expect(await newest()).toMatchObject({ action: "invitation-withdrawn", targetId: invitation.id });
});
