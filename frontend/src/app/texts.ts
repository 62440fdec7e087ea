import { catalogue } from "../ui/catalogue.ts";

export const texts = catalogue("frame", {
  modes: {
    backtest: "Backtest",
    backtestHelp: "Nothing here moves money: these are backtests on recorded candles.",
  },
  pages: {
    home: "Home",
    workbench: "Workbench",
    markets: "Markets",
    strategies: "Strategies",
    backtests: "Backtests",
    data: "Data",
    settings: "Settings",
    more: "More",
  },
  missingCode: {
    title: "Page not loaded",
    detail: "This page could not be loaded: the server did not answer, or has a newer version.",
  },
  navigation: "Pages",
  search: "Search markets, run a command",
  connection: {
    connecting: "Connecting to live updates",
    open: "Live updates are on",
    lost: "Live updates are interrupted; trying again",
  },
  palette: {
    title: "Search and commands",
    placeholder: "A market, a strategy or a command",
    none: (search: string) =>
      `Nothing is called “${search}”. Other markets can be downloaded on the Data page.`,
    open: (page: string) => `Go to ${page}`,
    market: "market",
    strategy: "strategy",
    command: "command",
  },
  dark: "Use the dark theme",
  light: "Use the light theme",
  signOut: "Sign out",
  skip: "Skip to the page",
  gone: { text: "There is no page at this address.", action: "Go to Home" },
  failed: { title: "This page could not be shown" },
});
