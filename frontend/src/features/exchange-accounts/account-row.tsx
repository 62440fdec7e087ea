import { useMutation } from "@tanstack/react-query";
import type { ExchangeAccount, ExchangeReading } from "@trading/contracts/exchange-accounts";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { NameDialog } from "../security/name-dialog.tsx";
import { useConfirmed } from "../security/use-confirmed.tsx";
import { Balances } from "./balances.tsx";
import { ReplaceDialog } from "./connect-dialog.tsx";
import { texts } from "./texts.ts";

type RowProps = Readonly<{
  account: ExchangeAccount;
  /** What the exchange said last, in this visit. */
  reading: ExchangeReading | undefined;
  addresses: readonly string[];
  /** No key is taken in at present. */
  isHalted: boolean;
  onRead: (reading: ExchangeReading) => void;
  onChange: () => void;
}>;

/** One account: what it is, whether its key works, what it may do, and what can be done with it. */
export function AccountRow(props: RowProps) {
  const { account, reading, addresses, isHalted, onRead, onChange } = props;
  const [asked, setAsked] = useState<"rename" | "replace" | "remove" | null>(null);
  const close = () => setAsked(null);
  const path = `/exchange-accounts/${account.id}`;
  const check = useMutation({
    mutationFn: () => ask("exchangeReading", `${path}/reading`, { method: "POST" }),
    onSuccess: onRead,
    onError: onChange,
  });
  const remove = useConfirmed({
    act: (_: null) => ask("nothing", path, { method: "DELETE" }),
    onDone: () => {
      toast(texts.removed);
      onChange();
    },
  });
  const needsKey = account.state === "needs-key";
  const error = check.error ?? remove.error;
  return (
    <li className="grid gap-2 border-t border-line px-4 py-3 max-sm:px-3">
      <Head account={account} />
      {!needsKey && <Facts account={account} addresses={addresses} />}
      {error !== null ? (
        <ProblemView error={error} />
      ) : (
        account.problem !== null && (
          <p className="border-l-2 border-amber bg-panel px-3 py-2">{account.problem.detail}</p>
        )
      )}
      {reading !== undefined && !needsKey && (
        <Balances
          label={account.label}
          balances={reading.balances}
          at={reading.account.checkedAt}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {needsKey ? (
          <Button small look="primary" disabled={isHalted} onClick={() => setAsked("replace")}>
            {texts.enter}
          </Button>
        ) : (
          <>
            <Button small busy={check.isPending} onClick={() => check.mutate()}>
              {checkWords(check.isPending, reading !== undefined)}
            </Button>
            <Button small disabled={isHalted} onClick={() => setAsked("replace")}>
              {texts.replace}
            </Button>
          </>
        )}
        <Button small onClick={() => setAsked("rename")}>
          {texts.rename}
        </Button>
        <Button small busy={remove.isPending} onClick={() => setAsked("remove")}>
          {texts.remove}
        </Button>
      </div>
      {asked === "rename" && (
        <NameDialog
          title={texts.rename}
          name={account.label}
          save={(label) => ask("exchangeAccount", path, { method: "PATCH", body: { label } })}
          onDone={onChange}
          onClose={close}
        />
      )}
      {asked === "replace" && (
        <ReplaceDialog
          account={account}
          onClose={close}
          onDone={(answer) => {
            toast(texts.replaced);
            check.reset();
            onRead(answer);
            close();
          }}
        />
      )}
      {asked === "remove" && (
        <ConfirmDialog
          title={texts.removeTitle(account.label)}
          action={texts.remove}
          cancel={texts.cancel}
          onClose={close}
          onConfirm={() => {
            remove.run(null);
            close();
          }}
        >
          {texts.removeText}
        </ConfirmDialog>
      )}
      {remove.dialog}
    </li>
  );
}

const checkWords = (isAsking: boolean, wasRead: boolean): string =>
  isAsking ? texts.trying : wasRead ? texts.checkAgain : texts.check;

const tones = { works: "good", refused: "bad", "needs-key": "attention" } as const;

const Head = ({ account }: { account: ExchangeAccount }) => (
  <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
    <span className="min-w-0 font-semibold break-words">{account.label}</span>
    <span className="text-muted">{account.exchangeName}</span>
    <code className="font-mono text-sm text-muted">…{account.keyEnd}</code>
    {account.isSimulated && <Chip tone="simulated">{texts.simulated}</Chip>}
    <Chip tone={tones[account.state]}>{texts.states[account.state]}</Chip>
  </div>
);

function Facts({ account, addresses }: Pick<RowProps, "account" | "addresses">) {
  const { permissions, isSimulated, state, checkedAt } = account;
  const may = (["read", "spot", "futures", "withdraw"] as const).filter((one) => permissions[one]);
  const isOpen = !permissions.isIpRestricted && !isSimulated;
  return (
    <div className="grid gap-1.5 text-sm text-muted">
      <span className="flex flex-wrap items-center gap-1.5">
        {may.map((one) => (
          <Chip key={one} tone={one === "withdraw" ? "bad" : "plain"}>
            {texts.may[one]}
          </Chip>
        ))}
        <Chip tone={isOpen ? "attention" : "plain"}>
          {permissions.isIpRestricted ? texts.restricted : texts.anywhere}
        </Chip>
        <span>
          {texts.checked} <TimeText at={checkedAt} />
        </span>
        {permissions.tradingEndsAt !== null && (
          <span>
            {texts.tradingEnds} <TimeText at={permissions.tradingEndsAt} precision="day" />
          </span>
        )}
      </span>
      {isOpen && state === "works" && (
        <p className="border-l-2 border-amber bg-panel px-3 py-2 text-text">
          {texts.anywhereHelp(addresses.join(", "))}
        </p>
      )}
    </div>
  );
}
