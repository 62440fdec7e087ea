import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExchangeReading } from "@trading/contracts/exchange-accounts";
import { useState } from "react";
import { exchangeAccountsQuery } from "../../api/account-queries.ts";
import type { Shapes } from "../../api/shapes.ts";
import { BackLink } from "../../router/back-link.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { toast } from "../../ui/toast.tsx";
import { AccountRow } from "./account-row.tsx";
import { ConnectDialog } from "./connect-dialog.tsx";
import { HowTo } from "./how-to.tsx";
import { texts } from "./texts.ts";

/** Accounts at exchanges: connect, look, remove. */
export function ExchangeAccountsPage() {
  const { data, error, refetch } = useQuery(exchangeAccountsQuery);
  return (
    <Page title={texts.title} tools={<BackLink to="/settings">{texts.back}</BackLink>}>
      <div className="max-w-200 pb-8">
        <p className="px-4 pt-3 text-muted max-sm:px-3">{texts.about}</p>
        {error !== null && (
          <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
        )}
        {data === undefined ? (
          error === null && <Skeleton className="m-4 h-40" />
        ) : (
          <>
            <Accounts list={data} />
            <HowTo addresses={data.outgoingAddresses} />
          </>
        )}
      </div>
    </Page>
  );
}

function Accounts({ list }: { list: Shapes["exchangeAccountList"] }) {
  const { items, exchanges, outgoingAddresses, isHalted } = list;
  const client = useQueryClient();
  const [isConnecting, setConnecting] = useState(false);
  const [readings, setReadings] = useState<Readonly<Record<string, ExchangeReading>>>({});
  const renew = () => void client.invalidateQueries({ queryKey: exchangeAccountsQuery.queryKey });
  const read = (reading: ExchangeReading) => {
    setReadings((before) => ({ ...before, [reading.account.id]: reading }));
    renew();
  };
  const connect = (
    <Button look="primary" disabled={isHalted} onClick={() => setConnecting(true)}>
      {texts.connect}
    </Button>
  );
  return (
    <section aria-label={texts.list} className="border-b border-line">
      {isHalted && (
        <p
          role="status"
          className="mx-4 mt-3 border-l-2 border-amber bg-panel px-3 py-2 max-sm:mx-3"
        >
          {texts.halted}
        </p>
      )}
      {items.length === 0 ? (
        <EmptyState action={connect}>{texts.none}</EmptyState>
      ) : (
        <>
          <div className="px-4 py-3 max-sm:px-3">{connect}</div>
          <ul aria-label={texts.list}>
            {items.map((account) => (
              <AccountRow
                key={account.id}
                account={account}
                reading={readings[account.id]}
                addresses={outgoingAddresses}
                isHalted={isHalted}
                onRead={read}
                onChange={renew}
              />
            ))}
          </ul>
        </>
      )}
      {isConnecting && (
        <ConnectDialog
          exchanges={exchanges}
          onClose={() => setConnecting(false)}
          onDone={(reading) => {
            toast(texts.connected);
            read(reading);
            setConnecting(false);
          }}
        />
      )}
    </section>
  );
}
