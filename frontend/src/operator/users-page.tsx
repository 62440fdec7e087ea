import type { Person } from "@trading/contracts/admin";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { count } from "../ui/format.ts";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { StateChip } from "./state-chip.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";
import { UserPanel } from "./user-panel.tsx";

const t = texts.users;

/** Everybody who has an account. */
export function UsersPage() {
  const [{ q, role, state, sort = "createdAt", order = "desc", page, user }, set, open] =
    useSearch();
  const [isInviting, setInviting] = useState(false);
  const query = { search: q, role, state, sort, order, page, pageSize: 100 };
  const list = useAdmin("personPage", "/users", query);
  return (
    <>
      <ListPage
        title={texts.pages.users}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        phoneRow={(one) => (
          <TwoLines first={one.name} mark={<StateChip person={one} />} second={one.email} />
        )}
        empty={t.none}
        search={t.search}
        filters={[
          { name: "role", label: t.anyRole, options: texts.roles },
          { name: "state", label: t.anyState, options: t.states },
        ]}
        tools={
          <OperatorsOnly>
            <Button small look="primary" onClick={() => setInviting(true)}>
              {t.invite}
            </Button>
          </OperatorsOnly>
        }
        sort={{ by: sort, order: order === "asc" ? "asc" : "desc" }}
        onOpen={({ id }) => open({ user: id })}
        selected={user}
        aside={
          user !== undefined && (
            <UserPanel key={user} id={user} onClose={() => set({ page, user: undefined })} />
          )
        }
      />
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

const columns: readonly Column<Person>[] = [
  {
    ...{ id: "name", header: t.name, width: "minmax(140px,1.2fr)", sort: "name" },
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { id: "email", header: t.email, width: "minmax(180px,2fr)", cell: ({ email }) => email },
  { id: "role", header: t.role, width: "96px", cell: ({ role }) => texts.roles[role] },
  { id: "state", header: t.state, width: "150px", cell: (one) => <StateChip person={one} /> },
  {
    ...{ id: "factor", header: t.factor, width: "112px" },
    cell: ({ hasSecondFactor }) =>
      hasSecondFactor ? t.yes : <span className="text-muted">{t.no}</span>,
  },
  {
    ...{ id: "sessions", header: t.sessions, width: "88px", align: "right" },
    cell: ({ sessions }) => count(sessions),
  },
  {
    ...{ id: "backtests", header: t.backtests, width: "96px", align: "right", sort: "backtests" },
    cell: ({ backtests }) => count(backtests),
  },
  {
    ...{ id: "usedAt", header: t.usedAt, width: "164px", sort: "usedAt" },
    cell: ({ usedAt }) => <TimeText at={usedAt} />,
  },
  {
    ...{ id: "createdAt", header: t.createdAt, width: "164px", sort: "createdAt" },
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
  },
];
