import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import type { Shapes } from "../../api/shapes.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Select, TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
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
  const { run, error, isPending, dialog } = useConfirmed({
    act: (body: Key & { exchange: ConnectableExchange; label: string }) =>
      ask("exchangeReading", "/exchange-accounts", { method: "POST", body }),
    onDone,
  });
  const isSimulated = exchanges.find(({ id }) => id === exchange)?.isSimulated === true;
  return (
    <>
      <Dialog title={texts.connect} onClose={onClose}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            run({ exchange, label: label.trim(), ...key });
          }}
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
          {error !== null && <ProblemView error={error} />}
          <Button type="submit" look="primary" busy={isPending}>
            {isPending ? texts.trying : texts.tryIt}
          </Button>
        </form>
      </Dialog>
      {dialog}
    </>
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
  const { run, error, isPending, dialog } = useConfirmed({
    act: (body: Key) =>
      ask("exchangeReading", `/exchange-accounts/${account.id}/key`, { method: "PUT", body }),
    onDone,
  });
  return (
    <>
      <Dialog title={`${texts.replace}: ${account.label}`} onClose={onClose}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            run(key);
          }}
        >
          <p>{texts.replaceText(account.keyEnd)}</p>
          <KeyFields value={key} onChange={setKey} />
          {error !== null && <ProblemView error={error} />}
          <Button type="submit" look="primary" busy={isPending}>
            {isPending ? texts.trying : texts.tryNew}
          </Button>
        </form>
      </Dialog>
      {dialog}
    </>
  );
}
