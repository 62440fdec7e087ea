import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

// What pages about one's own account read, and those that anybody may see.

export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: ({ signal }) => ask("security", "/users/me/security", { signal }),
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => ask("sessionList", "/users/me/sessions", { signal }),
});
export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: ({ signal }) => ask("passkeyList", "/users/me/passkeys", { signal }),
});
export const apiTokensQuery = queryOptions({
  queryKey: ["api-tokens"],
  queryFn: ({ signal }) => ask("apiTokenList", "/users/me/tokens", { signal }),
});
export const exchangeAccountsQuery = queryOptions({
  queryKey: ["exchange-accounts"],
  queryFn: ({ signal }) => ask("exchangeAccountList", "/exchange-accounts", { signal }),
  // No event tells when the operator lets work begin again.
  refetchInterval: ({ state }) => (state.data?.isHalted === true ? 5_000 : false),
});
export const telegramQuery = queryOptions({
  queryKey: ["telegram"],
  queryFn: ({ signal }) => ask("telegramState", "/users/me/telegram", { signal }),
});
export const legalQuery = queryOptions({
  queryKey: ["legal"],
  queryFn: ({ signal }) => ask("legalList", "/legal", { signal, anonymous: true }),
});
export const legalTextQuery = (kind: string) =>
  queryOptions({
    queryKey: ["legal", kind],
    queryFn: ({ signal }) =>
      ask("legalText", `/legal/${encodeURIComponent(kind)}`, { signal, anonymous: true }),
  });
export const mailboxQuery = queryOptions({
  queryKey: ["mailbox"],
  queryFn: ({ signal }) => ask("mailbox", "/mailbox", { signal }),
  refetchInterval: 5_000,
});
