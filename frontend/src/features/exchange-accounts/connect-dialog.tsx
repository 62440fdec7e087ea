import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import type { Shapes } from "../../api/shapes.ts";
import { Field, Select, TextField } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { useConfirmed } from "../security/use-confirmed.tsx";
import { type Key, KeyFields } from "./key-fields.tsx";
import { texts } from "./texts.ts";

type Reading = Shapes["exchangeReading"];
type ConnectProps = Readonly<{
  exchanges: Shapes["exchangeAccountList"]["exchanges"];
  onDone: (reading: Reading) => void;
  onClose: () => void;
}>;
const noKey: Key = { apiKey: "", secret: "" };

/** Takes a key in: the exchange is asked first, and what it says decides. */
export function ConnectDialog({ exchanges, onDone, onClose }: ConnectProps) {
  const [exchange, setExchange] = useState<ConnectableExchange>(exchanges[0]?.id ?? "binance");
  const [label, setLabel] = useState("");
  const [key, setKey] = useState(noKey);
  const trying = useConfirmed({
    act: (body: Key & { exchange: ConnectableExchange; label: string }) =>
      ask("exchangeReading", "/exchange-accounts", { method: "POST", body }),
    onDone,
  });
  const isSimulated = exchanges.find(({ id }) => id === exchange)?.isSimulated === true;
  return (
    <FormDialog
      title={texts.connect}
      action={trying.isPending ? texts.trying : texts.tryIt}
      doing={trying}
      onSubmit={() => trying.run({ exchange, label: label.trim(), ...key })}
      onClose={onClose}
    >
      <Field label={texts.exchange} help={isSimulated ? texts.simulatedHelp : undefined}>
        {(ids) => (
          <Select
            {...ids}
            value={exchange}
            onChange={setExchange}
            options={exchanges.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
      </Field>
      <TextField
        label={texts.label}
        help={texts.labelHelp}
        required
        maxLength={60}
        value={label}
        onChange={setLabel}
      />
      <KeyFields value={key} onChange={setKey} />
    </FormDialog>
  );
}

type ReplaceProps = Readonly<{
  account: Shapes["exchangeReading"]["account"];
  onDone: (reading: Reading) => void;
  onClose: () => void;
}>;

/** Another key for an account that is connected. */
export function ReplaceDialog({ account, onDone, onClose }: ReplaceProps) {
  const [key, setKey] = useState(noKey);
  const trying = useConfirmed({
    act: (body: Key) =>
      ask("exchangeReading", `/exchange-accounts/${account.id}/key`, { method: "PUT", body }),
    onDone,
  });
  return (
    <FormDialog
      title={`${texts.replace}: ${account.label}`}
      action={trying.isPending ? texts.trying : texts.tryNew}
      doing={trying}
      onSubmit={() => trying.run(key)}
      onClose={onClose}
    >
      <p>{texts.replaceText(account.keyEnd)}</p>
      <KeyFields value={key} onChange={setKey} />
    </FormDialog>
  );
}
