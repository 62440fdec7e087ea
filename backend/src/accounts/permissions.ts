import type { Permission, Role } from "@trading/contracts/accounts";
import type { ApiScope } from "@trading/contracts/api-tokens";
import {
  type CurrentUser,
  type Obstacle,
  type PermissionTable,
  publicPermission,
} from "../platform/authentication.ts";

/** What a line of the table below asks for. */
type Asked = typeof publicPermission | Permission;

const own: readonly Permission[] = ["read", "write", "begin", "security"];

/** Every role is a user too; each line of the table below asks for one of these. */
const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  user: own,
  support: [...own, "oversee"],
  admin: [...own, "oversee", "operate"],
};
/**
 * A program does what its token was made for and its owner may do. How the account is kept is not for programs, and what
 * an operator changes wants a person who confirms it.
 */
const permissionsOfScope: Readonly<Record<ApiScope, readonly Permission[]>> = {
  read: ["read"],
  trade: ["read", "write", "begin"],
  admin: ["oversee"],
};
/** Whoever looks over a user's shoulder sees what the user works with, and changes nothing. */
const permissionsOfLooker: readonly Permission[] = ["read"];

/**
 * Every operation and what it asks for. There is no other place that says who may do what, and an operation that is
 * not here keeps the server from starting.
 */
const operations: Readonly<Record<string, Asked>> = {
  "GET /health": "public",
  "GET /ready": "public",
  "GET /site": "public",
  "POST /auth/register": "public",
  "POST /auth/login": "public",
  "POST /auth/link": "public",
  "POST /auth/forgot": "public",
  "POST /auth/reset": "public",
  "POST /auth/prove-address": "public",
  "POST /auth/invitation": "public",
  "POST /auth/passkey/options": "public",
  "POST /auth/passkey": "public",
  "POST /auth/keep-account": "public",
  "POST /auth/refresh": "public",
  "POST /auth/logout": "public",

  "GET /users/me": "read",
  "PATCH /users/me": "security",
  "PATCH /users/me/settings": "write",
  "DELETE /users/me": "security",
  "GET /users/me/export": "security",
  "GET /users/me/inbox": "read",
  "POST /users/me/inbox/read": "write",
  "GET /users/me/telegram": "security",
  "POST /users/me/telegram": "security",
  "DELETE /users/me/telegram": "security",
  "GET /users/me/security": "security",
  "POST /users/me/confirmation": "security",
  "POST /users/me/confirmation/options": "security",
  "GET /users/me/tokens": "security",
  "POST /users/me/tokens": "security",
  "DELETE /users/me/tokens/:tokenId": "security",
  "GET /users/me/passkeys": "security",
  "POST /users/me/passkeys/options": "security",
  "POST /users/me/passkeys": "security",
  "PATCH /users/me/passkeys/:passkeyId": "security",
  "DELETE /users/me/passkeys/:passkeyId": "security",
  "PUT /users/me/email": "security",
  "POST /users/me/email/link": "security",
  "PUT /users/me/password": "security",
  "PUT /users/me/country": "security",
  "GET /users/me/sessions": "security",
  "DELETE /users/me/sessions": "security",
  "DELETE /users/me/sessions/:sessionId": "security",
  "POST /users/me/totp": "security",
  "PUT /users/me/totp": "security",
  "DELETE /users/me/totp": "security",
  "POST /users/me/recovery-codes": "security",

  "GET /exchange-accounts": "read",
  "POST /exchange-accounts": "security",
  "GET /exchange-accounts/:accountId": "read",
  "PATCH /exchange-accounts/:accountId": "write",
  "PUT /exchange-accounts/:accountId/key": "security",
  "POST /exchange-accounts/:accountId/reading": "write",
  "DELETE /exchange-accounts/:accountId": "security",

  "GET /events": "read",
  "GET /exchanges": "read",
  "GET /exchanges/:exchange/markets": "read",
  "GET /exchanges/:exchange/prices": "read",
  "GET /exchanges/:exchange/live": "read",
  "GET /series": "read",
  "GET /series/:seriesId": "read",
  "DELETE /series/:seriesId": "write",
  "GET /series/:seriesId/candles": "read",
  "GET /series/:seriesId/candles.csv": "read",
  "POST /imports": "begin",
  "POST /downloads": "begin",
  "GET /data-tasks": "read",
  "GET /data-tasks/:taskId": "read",
  "POST /data-tasks/:taskId/cancel": "write",
  "GET /storage": "read",

  "GET /strategies": "read",
  "GET /strategies/:name": "read",
  "GET /strategies/:name/versions/:version": "read",
  "GET /strategies/:name/versions/:version/script": "read",
  "GET /strategies/:name/versions/:version/source": "read",

  "POST /backtests": "begin",
  "GET /backtests": "read",
  "GET /backtests/compare": "read",
  "GET /backtests/:backtestId": "read",
  "DELETE /backtests/:backtestId": "write",
  "POST /backtests/:backtestId/cancel": "write",
  "POST /backtests/:backtestId/repeat": "begin",
  "POST /backtests/:backtestId/verify": "begin",
  "GET /backtests/:backtestId/verification/:by": "read",
  "GET /backtests/:backtestId/trades": "read",
  "GET /backtests/:backtestId/trades.csv": "read",
  "GET /backtests/:backtestId/fills": "read",
  "GET /backtests/:backtestId/fills.csv": "read",
  "GET /backtests/:backtestId/result.json": "read",
  "GET /backtests/:backtestId/report.html": "read",
  "GET /comparisons": "read",
  "POST /comparisons": "write",
  "DELETE /comparisons/:comparisonId": "write",

  "POST /setup": "public",
  "GET /site/logo": "public",
  "GET /legal": "public",
  "GET /legal/:kind": "public",
  "GET /announcements": "read",
  "GET /users/me/legal": "read",
  "POST /users/me/legal": "security",

  "GET /admin/overview": "oversee",
  "GET /admin/checklist": "oversee",
  "GET /admin/users": "oversee",
  "GET /admin/users/:userId": "oversee",
  "PUT /admin/users/:userId/suspension": "operate",
  "PUT /admin/users/:userId/role": "operate",
  "POST /admin/users/:userId/verification": "operate",
  "POST /admin/users/:userId/country-question": "operate",
  "POST /admin/users/:userId/sign-out": "operate",
  "POST /admin/users/:userId/factor-removal": "operate",
  "POST /admin/users/:userId/impersonation": "operate",
  "POST /admin/sign-out-everybody": "operate",
  "GET /admin/invitations": "oversee",
  "POST /admin/invitations": "operate",
  "DELETE /admin/invitations/:invitationId": "operate",
  "GET /admin/backtests": "oversee",
  "POST /admin/backtests/:backtestId/stop": "operate",
  "POST /admin/backtests/:backtestId/repeat": "operate",
  "GET /admin/series": "oversee",
  "DELETE /admin/series/:seriesId": "operate",
  "GET /admin/strategies": "oversee",
  "GET /admin/queues": "oversee",
  "POST /admin/queues/:queue/dead-jobs/:jobId/retry": "operate",
  "GET /admin/exchanges": "oversee",
  "GET /admin/exchange-accounts": "oversee",
  "GET /admin/exchange-accounts.csv": "oversee",
  "POST /admin/key-leak": "operate",
  "GET /admin/mails": "oversee",
  "GET /admin/notifications": "oversee",
  "GET /admin/mail-previews": "oversee",
  "POST /admin/mails/:mailId/resend": "operate",
  "POST /admin/mail-test": "operate",
  "GET /admin/audit": "oversee",
  "GET /admin/audit.csv": "oversee",
  "GET /admin/settings": "oversee",
  "PATCH /admin/settings": "operate",
  "GET /admin/settings/history": "oversee",
  "PUT /admin/logo": "operate",
  "PUT /admin/halt": "operate",
  "POST /admin/announcements": "operate",
  "DELETE /admin/announcements/:announcementId": "operate",
  "POST /admin/legal/:kind": "operate",
  "GET /simulator": "operate",
  "POST /examples": "operate",
  "GET /mailbox": "operate",
};

/** What asks an exchange by somebody's key: not for whoever begins nothing where they live. */
const asksExchanges = [
  "POST /exchange-accounts",
  "PUT /exchange-accounts/:accountId/key",
  "POST /exchange-accounts/:accountId/reading",
];

/** What operators ask for that begins work, as "begin" does for everybody. */
const operatorsBegin = ["POST /admin/backtests/:backtestId/repeat", "POST /examples"];

const api = "/api/v1";
const withoutPrefix = (operation: string): string => operation.replace(` ${api}/`, " /");
/** The description of the API is no operation of it, and everybody may read it. */
const isDocument = (operation: string): boolean =>
  operation === `GET ${api}/openapi.json` || /^GET \/api\/v1\/docs(\/|$)/.test(operation);

type Needs = Readonly<{
  /** Whether the operator has stopped new work. */
  isHalted(): Promise<boolean>;
  /** Why whoever lives where this user says to live begins nothing; null when they may. */
  countryObstacle(userId: string): Promise<Obstacle | null>;
}>;

const halted: Obstacle = {
  code: "site-halted",
  why: "The operator has stopped new backtests, imports and downloads for now.",
};

/** The table as the server asks it. */
export const createPermissions = ({ isHalted, countryObstacle }: Needs): PermissionTable => ({
  permissionOf(operation) {
    if (isDocument(operation)) return publicPermission;
    const name = withoutPrefix(operation);
    return Object.hasOwn(operations, name) ? operations[name] : undefined;
  },
  refusal(permission, user) {
    if (permissionsHeld(user).some((one) => one === permission)) return null;
    if (user.impersonatorId !== null)
      return "You look at this account as its operator: nothing of it can be changed.";
    return user.scopes === null
      ? "Your role does not include this action."
      : "This token was not made for this action.";
  },
  async obstacle(operation, user) {
    const name = withoutPrefix(operation);
    const begins = operations[name] === "begin";
    if ((begins || operatorsBegin.includes(name)) && (await isHalted())) return halted;
    return begins || asksExchanges.includes(name) ? countryObstacle(user.id) : null;
  },
});

/** What somebody may do in the session, or by the token, that they ask with. */
export function permissionsHeld({
  role,
  impersonatorId,
  scopes,
}: CurrentUser): readonly Permission[] {
  if (impersonatorId !== null) return permissionsOfLooker;
  if (scopes === null) return permissionsOf[role];
  const allowed = scopes.flatMap((scope) => permissionsOfScope[scope]);
  return permissionsOf[role].filter((permission) => allowed.includes(permission));
}
