import type { AnyExchangeAccount } from "@trading/contracts/key-care";
import { saveFile } from "../api/client.ts";
import { problemOf } from "../api/problem.ts";
import type { Shapes } from "../api/shapes.ts";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import type { Column } from "../ui/table.tsx";
import { CsvButton } from "../ui/table-tools.tsx";
import { TimeText } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { FactList } from "./fact-list.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.keys;

/** Exchange accounts of everybody, and what to do when their keys may be known. */
export function KeysPage() {
  const [{ q, state, page, account }, set, open] = useSearch();
  const filter = { search: q, state };
  const list = useAdmin("anyExchangeAccountPage", "/exchange-accounts", {
    ...{ ...filter, page, pageSize: 100 },
  });
  const chosen = list.data?.items.find(({ id }) => id === account);
  const save = () =>
    void saveFile("/admin/exchange-accounts.csv", "exchange-accounts.csv", filter).catch(
      (error: unknown) => toast(problemOf(error).detail, { tone: "bad" }),
    );
  return (
    <ListPage
      title={texts.pages.keys}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      phoneRow={(one) => (
        <TwoLines
          first={`${one.userName} · ${one.label}`}
          mark={<State account={one} />}
          second={`${t.names[one.exchange]} · …${one.keyEnd}`}
        />
      )}
      empty={t.none}
      search={t.search}
      filters={[{ name: "state", label: t.anyState, options: t.states }]}
      tools={<CsvButton onSave={save} />}
      above={<Leak leak={list.data?.leak ?? null} />}
      onOpen={({ id }) => open({ account: id })}
      selected={account}
      aside={
        chosen !== undefined && (
          <AccountPanel account={chosen} onClose={() => set({ page, account: undefined })} />
        )
      }
    />
  );
}

function Leak({ leak }: { leak: Shapes["anyExchangeAccountPage"]["leak"] }) {
  const [begin, dialog] = useDeed();
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 max-sm:px-3">
      <p className="min-w-60 flex-1 text-muted" role="status">
        {leak === null ? (
          t.leakHelp
        ) : (
          <>
            <span className="text-text">
              {t.destroyed} <TimeText at={leak.at} />.
            </span>{" "}
            {t.progress(
              count(leak.accounts),
              count(leak.users),
              count(leak.told),
              count(leak.reentered),
            )}
          </>
        )}
      </p>
      <OperatorsOnly>
        <Button
          look="danger"
          onClick={() =>
            begin({
              ...{ title: t.leak, about: t.leakAbout, action: t.leak, done: t.leakDone },
              ...{ method: "POST", path: "/admin/key-leak", isDangerous: true },
            })
          }
        >
          {t.leak}
        </Button>
      </OperatorsOnly>
      {dialog}
    </div>
  );
}

const tones = { works: "good", refused: "bad", "needs-key": "attention" } as const;
const State = ({ account: { state, problem } }: { account: AnyExchangeAccount }) => (
  <Chip tone={tones[state]} {...(problem !== null && { title: problem })}>
    {t.states[state]}
  </Chip>
);

const mayText = ({ permissions }: AnyExchangeAccount): string =>
  (["read", "spot", "futures"] as const)
    .filter((one) => permissions[one])
    .map((one) => t.may[one])
    .join(", ");

const sinceLeak = ({ destroyedAt, toldAt, isReentered }: AnyExchangeAccount): string => {
  if (destroyedAt === null) return "–";
  if (isReentered) return t.reentered;
  return toldAt === null ? t.untold : t.told;
};

type PanelProps = Readonly<{ account: AnyExchangeAccount; onClose: () => void }>;

const AccountPanel = ({ account, onClose }: PanelProps) => (
  <SidePanel
    label={t.label}
    title={<h2 className="truncate font-semibold">{account.label}</h2>}
    onClose={onClose}
  >
    <FactList
      facts={[
        [t.user, account.userName],
        [t.exchange, t.names[account.exchange]],
        [t.keyEnd, <code key="end" className="font-mono">{`…${account.keyEnd}`}</code>],
        [t.state, <State key="state" account={account} />],
        account.problem === null ? null : [t.problem, account.problem],
        [t.mayDo, mayText(account)],
        [t.from, account.permissions.isIpRestricted ? t.restricted : t.anywhere],
        [t.enteredAt, <TimeText key="entered" at={account.enteredAt} />],
        [t.checkedAt, <TimeText key="checked" at={account.checkedAt} />],
        account.destroyedAt === null
          ? null
          : [t.destroyedAt, <TimeText key="destroyed" at={account.destroyedAt} />],
        account.toldAt === null ? null : [t.toldAt, <TimeText key="told" at={account.toldAt} />],
        account.destroyedAt === null ? null : [t.sinceLeak, sinceLeak(account)],
      ]}
    />
  </SidePanel>
);

const columns: readonly Column<AnyExchangeAccount>[] = [
  {
    ...{ id: "user", header: t.user, width: "minmax(110px,1fr)" },
    cell: ({ userName }) => <span className="font-medium">{userName}</span>,
  },
  {
    ...{ id: "exchange", header: t.exchange, width: "minmax(130px,1fr)" },
    cell: ({ exchange }) => t.names[exchange],
  },
  {
    ...{ id: "label", header: t.label, width: "minmax(110px,1fr)" },
    cell: ({ label, keyEnd }) => (
      <>
        {label} <code className="font-mono text-muted">…{keyEnd}</code>
      </>
    ),
  },
  { id: "state", header: t.state, width: "130px", cell: (one) => <State account={one} /> },
  { id: "may", header: t.mayDo, width: "minmax(110px,1fr)", cell: mayText },
  {
    ...{ id: "ip", header: t.from, width: "110px" },
    cell: ({ permissions }) => (permissions.isIpRestricted ? t.restricted : t.anywhere),
  },
  {
    ...{ id: "entered", header: t.enteredAt, width: "140px" },
    cell: ({ enteredAt }) => <TimeText at={enteredAt} />,
  },
  {
    ...{ id: "since", header: t.sinceLeak, width: "150px" },
    cell: sinceLeak,
  },
];
