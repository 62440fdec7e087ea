import type { Balance } from "@trading/contracts/exchange-accounts";
import { PlainTable } from "../../ui/plain-table.tsx";
import type { Column } from "../../ui/table.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

type BalancesProps = Readonly<{ label: string; balances: readonly Balance[]; at: string }>;

/** What an account holds, asset by asset; nothing is summed, since nothing here is priced. */
export const Balances = ({ label, balances, at }: BalancesProps) => (
  <div className="grid max-w-140 gap-1 pb-2">
    {balances.length === 0 ? (
      <p className="text-muted">{texts.nothingHeld}</p>
    ) : (
      <PlainTable
        label={texts.balances(label)}
        columns={columns}
        rows={balances.toSorted(inOrder)}
        rowKey={({ wallet, asset }) => `${wallet} ${asset}`}
      />
    )}
    <p className="text-xs text-muted">
      {texts.asOf} <TimeText at={at} precision="second" />
    </p>
  </div>
);

/** One wallet after the other, and its assets as in a dictionary. */
const inOrder = (one: Balance, other: Balance): number =>
  other.wallet.localeCompare(one.wallet) || one.asset.localeCompare(other.asset);

const columns: readonly Column<Balance>[] = [
  {
    ...{ id: "asset", header: texts.asset },
    cell: ({ asset }) => <span className="font-medium">{asset}</span>,
  },
  { id: "wallet", header: texts.wallet, cell: ({ wallet }) => texts.wallets[wallet] },
  { id: "free", header: texts.free, align: "right", cell: ({ free }) => amountText(free) },
  { id: "locked", header: texts.locked, align: "right", cell: ({ locked }) => amountText(locked) },
];

/** A decimal as the exchange wrote it, grouped, to eight places: amounts line up and none is rounded. */
function amountText(amount: string): string {
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const sign = amount.startsWith("-") ? "−" : "";
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${part.padEnd(8, "0")}`;
}
