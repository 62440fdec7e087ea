import { accessToken, me } from "@trading/contracts/accounts";
import {
  anyBacktestPage,
  checklist,
  exchangeHealthList,
  mailPage,
  mailPreviewList,
  overview,
  personDetail,
  personPage,
  queueList,
  strategyUseList,
} from "@trading/contracts/admin";
import { apiTokenList, madeApiToken } from "@trading/contracts/api-tokens";
import { auditPage } from "@trading/contracts/audit";
import {
  backtestDetail,
  backtestPage,
  backtestView,
  comparison,
  savedComparison,
  savedComparisonList,
  tradePage,
} from "@trading/contracts/backtests";
import { pageOf } from "@trading/contracts/common";
import {
  exchangeAccount,
  exchangeAccountList,
  exchangeReading,
} from "@trading/contracts/exchange-accounts";
import { invitationList, madeInvitation, openInvitation } from "@trading/contracts/invitations";
import { anyExchangeAccountPage } from "@trading/contracts/key-care";
import { liveCandles, marketPrices } from "@trading/contracts/live-markets";
import { inbox, mailbox } from "@trading/contracts/mail";
import {
  dataTask,
  dataTaskPage,
  exchange,
  marketPage,
  seriesDetail,
  seriesPage,
  simulatorPage,
  storageUse,
} from "@trading/contracts/market-data";
import { announcementList, legalList, legalText, ownLegalList } from "@trading/contracts/notices";
import { notificationPage } from "@trading/contracts/notifications";
import { credentialOptions, madePasskey, passkey, passkeyList } from "@trading/contracts/passkeys";
import {
  factorAdded,
  recoveryCodes,
  security,
  sessionList,
  totpSetup,
} from "@trading/contracts/security";
import { site } from "@trading/contracts/site";
import { siteSettingsHistory, siteSettingsView } from "@trading/contracts/site-settings";
import {
  strategyList,
  strategyScript,
  strategySource,
  strategyVersion,
  strategyView,
} from "@trading/contracts/strategies";
import { telegramCode, telegramState } from "@trading/contracts/telegram";
import { z } from "zod";

/**
 * What each answer must look like, by name. The types of the whole client come from here. The server sends only what
 * passed these same schemas, so the pages load the validator in development alone and stay small.
 */
export const shapes = {
  nothing: z.unknown(),
  accessToken,
  openInvitation,
  me,
  site,
  security,
  sessionList,
  totpSetup,
  recoveryCodes,
  factorAdded,
  credentialOptions,
  passkey,
  passkeyList,
  madePasskey,
  apiTokenList,
  madeApiToken,
  exchangeAccount,
  exchangeAccountList,
  exchangeReading,
  announcementList,
  legalList,
  legalText,
  ownLegalList,
  overview,
  checklist,
  personPage,
  personDetail,
  anyBacktestPage,
  anyExchangeAccountPage,
  strategyUseList,
  queueList,
  exchangeHealthList,
  mailPage,
  notificationPage,
  mailPreviewList,
  auditPage,
  siteSettingsView,
  siteSettingsHistory,
  invitationList,
  madeInvitation,
  mailbox,
  inbox,
  telegramState,
  telegramCode,
  exchanges: z.object({ items: z.array(exchange) }),
  marketPage,
  marketPrices,
  liveCandles,
  seriesPage,
  seriesDetail,
  simulatorPage,
  dataTask,
  dataTaskPage,
  storageUse,
  strategyList,
  strategy: strategyView,
  strategyVersion,
  strategyScript,
  strategySource,
  backtest: backtestView,
  backtestDetail,
  backtestPage,
  tradePage,
  comparison,
  savedComparison,
  savedComparisonList,
  page: pageOf(z.unknown()),
} as const;

export type Shapes = { [Name in keyof typeof shapes]: z.output<(typeof shapes)[Name]> };
