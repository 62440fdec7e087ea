import type { AuditEntry } from "@trading/contracts/audit";
import { saveFile } from "../api/client.ts";
import { problemOf } from "../api/problem.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import type { Column } from "../ui/table.tsx";
import { CsvButton } from "../ui/table-tools.tsx";
import { TimeText } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { FactList } from "./fact-list.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.audit;

/** What operators did: nothing here can be changed, by nobody. */
export function AuditPage() {
  const [{ q, action, page, entry }, set, open] = useSearch();
  const filter = { search: q, action };
  const list = useAdmin("auditPage", "/audit", { ...filter, page, pageSize: 100 });
  const chosen = list.data?.items.find(({ id }) => id === entry);
  const save = () =>
    void saveFile("/admin/audit.csv", "audit-log.csv", filter).catch((error: unknown) =>
      toast(problemOf(error).detail, { tone: "bad" }),
    );
  return (
    <ListPage
      title={texts.pages.audit}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      phoneRow={(one) => (
        <TwoLines
          first={`${t.actions[one.action]} · ${one.target}`}
          second={`${one.actorName}: ${one.reason}`}
          at={one.at}
        />
      )}
      empty={t.none}
      search={t.search}
      filters={[{ name: "action", label: t.anyAction, options: t.actions }]}
      tools={<CsvButton onSave={save} />}
      onOpen={({ id }) => open({ entry: id })}
      selected={entry}
      aside={
        chosen !== undefined && (
          <EntryPanel entry={chosen} onClose={() => set({ page, entry: undefined })} />
        )
      }
    />
  );
}

const columns: readonly Column<AuditEntry>[] = [
  {
    id: "at",
    header: t.at,
    width: "184px",
    cell: ({ at }) => <TimeText at={at} precision="second" />,
  },
  { id: "who", header: t.who, width: "minmax(110px,1fr)", cell: ({ actorName }) => actorName },
  {
    ...{ id: "what", header: t.what, width: "minmax(160px,1.2fr)" },
    cell: ({ action }) => <span className="font-medium">{t.actions[action]}</span>,
  },
  { id: "target", header: t.target, width: "minmax(140px,1.4fr)", cell: ({ target }) => target },
  {
    ...{ id: "why", header: t.why, width: "minmax(160px,2fr)" },
    cell: ({ reason }) => <span className="text-muted">{reason}</span>,
  },
  { id: "from", header: t.from, width: "130px", cell: ({ address }) => address },
];

function EntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const facts = [
    [t.at, <TimeText key="at" at={entry.at} precision="second" />],
    [t.who, entry.actorName],
    [t.target, entry.target],
    [t.why, entry.reason],
    [t.from, entry.address],
    [t.before, <Json key="before" value={entry.before} />],
    [t.after, <Json key="after" value={entry.after} />],
  ] as const;
  return (
    <SidePanel
      label={t.entry}
      title={<h2 className="font-semibold">{t.actions[entry.action]}</h2>}
      onClose={onClose}
    >
      <FactList facts={facts} />
    </SidePanel>
  );
}

const Json = ({ value }: { value: unknown }) =>
  value === null ? (
    <span>–</span>
  ) : (
    <pre className="font-mono text-sm break-words whitespace-pre-wrap">
      {JSON.stringify(value, null, 2)}
    </pre>
  );
