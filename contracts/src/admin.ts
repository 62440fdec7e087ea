import { z } from "zod";
import { role } from "./accounts.ts";
import { reason } from "./audit.ts";
import { backtestStatus } from "./backtests.ts";
import { id, instant, pageOf, pageQuery, textOf } from "./common.ts";
import { mailKind } from "./mail.ts";
import { session } from "./security.ts";

const order = z.enum(["asc", "desc"]).default("desc");
const search = z.string().max(100).default("");

/** What an operator does, with nothing but the reason. */
export const reasoned = z.object({ reason }).strict().meta({ id: "Reasoned" });

const figure = z.number().int();
const processSign = z.object({
  id,
  kind: z.enum(["web", "worker"]),
  host: z.string(),
  processId: z.number().int(),
  /** What a worker works on; a web process works on none. */
  queues: z.array(z.string()),
  startedAt: instant,
  heartbeatAt: instant,
  isAlive: z.boolean(),
});
const queueDepth = z.object({
  name: z.string(),
  waiting: figure,
  active: figure,
  delayed: figure,
  dead: figure,
  /** When a worker last counted; null: never. */
  at: instant.nullable(),
});

/** How the whole site is doing, counted when asked. */
export const overview = z
  .object({
    users: z.object({
      /** Without those that their owners closed. */
      total: figure,
      closed: figure,
      suspended: figure,
      unproven: figure,
      newThisWeek: figure,
      activeToday: figure,
    }),
    sessions: figure,
    backtests: z.object({
      queued: figure,
      running: figure,
      doneToday: figure,
      failedToday: figure,
      total: figure,
      oldestQueuedAt: instant.nullable(),
    }),
    dataTasks: z.object({ queued: figure, running: figure, failedToday: figure }),
    mails: z.object({ queued: figure, dead: figure }),
    series: z.object({ total: figure, rows: figure, bytes: figure }),
    strategies: z.object({ total: figure, withProblem: figure }),
    databaseBytes: figure,
    outboxWaiting: figure,
    queues: z.array(queueDepth),
    processes: z.array(processSign),
    isHalted: z.boolean(),
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof overview>;

export const personSorts = ["createdAt", "name", "usedAt", "backtests"] as const;
export const personQuery = pageQuery.extend({
  search,
  role: role.optional(),
  state: z.enum(["active", "suspended", "unproven", "closed"]).optional(),
  sort: z.enum(personSorts).default("createdAt"),
  order,
});
export const person = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    emailProven: z.boolean(),
    role,
    isSuspended: z.boolean(),
    /** When it is erased, since its owner closed it; null: it is open. */
    eraseAt: instant.nullable(),
    hasPassword: z.boolean(),
    hasSecondFactor: z.boolean(),
    /** In which country they say to live; null: not said. */
    country: z.string().nullable(),
    countrySaidAt: instant.nullable(),
    sessions: figure,
    backtests: figure,
    createdAt: instant,
    /** When they last used a session; null: never. */
    usedAt: instant.nullable(),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof person>;
export const personPage = pageOf(person).meta({ id: "PersonPage" });
export const personDetail = person
  .extend({
    openSessions: z.array(session.omit({ isCurrent: true })),
    uploadBytes: figure,
    acceptances: z.array(z.object({ kind: z.string(), version: figure, at: instant })),
  })
  .meta({ id: "PersonDetail" });
export type PersonDetail = z.infer<typeof personDetail>;

export const roleChange = z.object({ role, reason }).strict().meta({ id: "RoleChange" });
export const suspensionChange = z
  .object({ isSuspended: z.boolean(), reason })
  .strict()
  .meta({ id: "SuspensionChange" });

export const anyBacktestQuery = pageQuery.extend({
  search,
  status: backtestStatus.optional(),
  userId: id.optional(),
});
export const anyBacktest = z
  .object({
    id,
    userId: id,
    userName: z.string(),
    title: z.string(),
    strategy: z.string(),
    symbol: z.string(),
    timeframe: z.string(),
    status: backtestStatus,
    share: z.number(),
    step: z.string(),
    problem: z.string().nullable(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: "AnyBacktest" });
export type AnyBacktest = z.infer<typeof anyBacktest>;
export const anyBacktestPage = pageOf(anyBacktest).meta({ id: "AnyBacktestPage" });

export const strategyUse = z
  .object({
    name: z.string(),
    title: z.string(),
    /** Null: its file is gone; old versions can still be run. */
    file: z.string().nullable(),
    isShipped: z.boolean(),
    problem: z.string().nullable(),
    versions: z.array(
      z.object({
        version: z.string(),
        isNewest: z.boolean(),
        createdAt: instant,
        backtests: figure,
        users: z.array(z.object({ id, name: z.string(), backtests: figure })),
      }),
    ),
  })
  .meta({ id: "StrategyUse" });
export type StrategyUse = z.infer<typeof strategyUse>;
export const strategyUseList = z
  .object({ items: z.array(strategyUse) })
  .meta({ id: "StrategyUseList" });

export const deadJob = z
  .object({
    id: z.string(),
    name: z.string(),
    reason: z.string(),
    attempts: figure,
    at: instant,
  })
  .meta({ id: "DeadJob" });
export const queueView = queueDepth
  .extend({ deadJobs: z.array(deadJob) })
  .meta({ id: "QueueView" });
export type QueueView = z.infer<typeof queueView>;
export const queueList = z
  .object({ items: z.array(queueView), outboxWaiting: figure })
  .meta({ id: "QueueList" });

export const exchangeHealth = z
  .object({
    id: z.string(),
    name: z.string(),
    markets: figure,
    marketsAt: instant.nullable(),
    problem: z.string().nullable(),
    series: figure,
    /** Markets that somebody looks at now, and when one was last read from the exchange. */
    watched: figure,
    readAt: instant.nullable(),
    watchProblem: z.string().nullable(),
    failedDownloads: figure,
  })
  .meta({ id: "ExchangeHealth" });
export type ExchangeHealth = z.infer<typeof exchangeHealth>;
export const exchangeHealthList = z
  .object({ items: z.array(exchangeHealth) })
  .meta({ id: "ExchangeHealthList" });

export const mailQuery = pageQuery.extend({
  state: z.enum(["queued", "sent", "dead"]).optional(),
  kind: mailKind.optional(),
});
export const mailLine = z
  .object({
    id,
    userId: id,
    userName: z.string(),
    kind: mailKind,
    recipient: z.string(),
    state: z.enum(["queued", "sent", "dead"]),
    attempts: figure,
    lastError: z.string().nullable(),
    createdAt: instant,
    endedAt: instant.nullable(),
    /** Whether it can go out again: one whose link is gone cannot. */
    canResend: z.boolean(),
  })
  .meta({ id: "MailLine" });
export type MailLine = z.infer<typeof mailLine>;
export const mailPage = pageOf(mailLine).meta({ id: "MailPage" });
export const mailPreview = z
  .object({ kind: mailKind, subject: z.string(), text: z.string(), html: z.string() })
  .meta({ id: "MailPreview" });
export const mailPreviewList = z
  .object({ items: z.array(mailPreview) })
  .meta({ id: "MailPreviewList" });

/** Everything that operators do to people and to the site, and what people state for the record. */
export const haltChange = z
  .object({ isHalted: z.boolean(), reason })
  .strict()
  .meta({ id: "HaltChange" });

export const checklist = z
  .object({
    items: z.array(
      z.object({
        id: z.enum([
          "mail",
          "worker",
          "exchange",
          "legal",
          "registration",
          "factor",
          "addresses",
          "outgoing",
          "backup",
        ]),
        state: z.enum(["done", "open", "note"]),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: "Checklist" });
export type Checklist = z.infer<typeof checklist>;

export const announcementRequest = z
  .object({
    text: textOf(3, 300),
    tone: z.enum(["info", "warning"]),
    endsAt: instant.nullable(),
    reason,
  })
  .strict()
  .meta({ id: "AnnouncementRequest" });
