/** The words about keys of exchanges. */
export const keysTexts = {
  keys: {
    none: "No exchange account matches.",
    search: "User, name or end of the key",
    anyState: "Any state",
    states: { works: "works", refused: "refused", "needs-key": "needs a key" },
    names: {
      simulator: "Simulated exchange",
      binance: "Binance spot",
      binanceusdm: "Binance USDⓈ-M futures",
    },
    may: { read: "read", spot: "spot", futures: "futures" },
    user: "User",
    exchange: "Exchange",
    label: "Account",
    state: "Key",
    mayDo: "May",
    from: "Works from",
    restricted: "some addresses",
    anywhere: "anywhere",
    enteredAt: "Entered",
    keyEnd: "Ends in",
    problem: "Problem",
    checkedAt: "Last checked",
    destroyedAt: "Destroyed",
    toldAt: "Owner told",
    sinceLeak: "Since the leak",
    reentered: "new key entered",
    told: "told, no new key",
    untold: "not told yet",
    leakHelp:
      "If these keys may be known to others: one action stops all new work, destroys every key here, and tells each owner how to delete theirs at the exchange.",
    leak: "Destroy all keys",
    leakAbout:
      "New work stops for everybody, and every exchange key stored here is destroyed for good. Each owner is told by mail and behind the bell how to delete it at the exchange; new keys can be entered once you let work begin again. If API_ENCRYPTION_KEY may be known too, replace it first.",
    leakDone: "Every key is destroyed; their owners are being told.",
    destroyed: "All keys were destroyed",
    progress: (accounts: string, users: string, told: string, reentered: string) =>
      `Accounts: ${accounts}, of users: ${users}; told: ${told}; new key entered: ${reentered}. New keys are taken in once new work is let begin again (Dashboard).`,
  },
} as const;
