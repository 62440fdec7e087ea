import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { type Operation, owner } from "../api/operation.ts";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";
import { type AccountListener, type Hub, sendTo } from "../serve/hub.ts";
import { futuresOperation } from "./call.ts";

/** Futures accounts listen to themselves by a key that is part of the stream's address. */
export type ListenKeys = Readonly<{
  operations: readonly Operation[];
  /** Connects a socket to the accounts whose keys its address names. */
  attach: (socket: WebSocket, names: readonly string[]) => void;
}>;

const validMs = 3_600_000;

export function createListenKeys(hub: Hub): ListenKeys {
  const byKey = new Map<string, Account>();
  const byAccount = new Map<Account, { key: string; until: number }>();

  const renew = (account: Account, now: number): string | null => {
    const entry = byAccount.get(account);
    if (entry === undefined || entry.until < now) return null;
    entry.until = now + validMs;
    return entry.key;
  };
  const issue = (account: Account, now: number): string => {
    const known = renew(account, now);
    if (known !== null) return known;
    const key = randomBytes(48).toString("base64url").replace(/[-_]/g, "x");
    byKey.set(key, account);
    byAccount.set(account, { key, until: now + validMs });
    return key;
  };
  const keyCall = (method: string, run: Operation["run"]): Operation =>
    futuresOperation(`${method} /fapi/v1/listenKey`, "KEY", 1, ["listenKey"], run);

  return {
    operations: [
      keyCall("POST", (call) => ({ listenKey: issue(owner(call), call.venue.core.now()) })),
      keyCall("PUT", (call) => {
        const key = renew(owner(call), call.venue.core.now());
        if (key === null) throw new Problem(-1125, "This listenKey does not exist.");
        return { listenKey: key };
      }),
      keyCall("DELETE", (call) => {
        const account = owner(call);
        const entry = byAccount.get(account);
        if (entry !== undefined) byKey.delete(entry.key);
        byAccount.delete(account);
        return {};
      }),
    ],
    attach: (socket, names) => {
      for (const name of names) {
        const account = byKey.get(name);
        if (account === undefined) continue;
        const listener: AccountListener = {
          account,
          send: sendTo(socket),
        };
        hub.follow(listener);
        socket.on("close", () => hub.unfollow(listener));
      }
    },
  };
}
