import { useQuery } from "@tanstack/react-query";
import type { ApiScope } from "@trading/contracts/api-tokens";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { meQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Select, TextField } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

const days = ["7", "30", "90", "365"] as const;
type Days = (typeof days)[number];
type Wish = Readonly<{ name: string; scopes: ApiScope[]; networks: string[]; days: number }>;

/** Makes a token, then shows it this one time. */
export function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const role = useQuery(meQuery).data?.role ?? "user";
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiScope[]>(["read"]);
  const [life, setLife] = useState<Days>("90");
  const [networks, setNetworks] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const make = useConfirmed({
    act: (body: Wish) => ask("madeApiToken", "/users/me/tokens", { method: "POST", body }),
    onDone: ({ token }) => {
      setMade(token);
      onMade();
    },
  });
  if (made !== null) return <MadeToken token={made} onClose={onClose} />;
  const offered: readonly ApiScope[] =
    role === "user" ? ["read", "trade"] : ["read", "trade", "admin"];
  return (
    <FormDialog
      title={texts.makeToken}
      action={texts.makeToken}
      isReady={scopes.length > 0}
      doing={make}
      onSubmit={() =>
        make.run({
          name: name.trim(),
          scopes: [...scopes],
          networks: networks.split(/[\s,]+/).filter((one) => one !== ""),
          days: Number(life),
        })
      }
      onClose={onClose}
    >
      <TextField
        label={texts.passkeyName}
        help={texts.tokenNameHelp}
        required
        maxLength={60}
        value={name}
        onChange={setName}
      />
      <fieldset className="grid gap-1">
        <legend className="pb-1 text-sm text-muted">{texts.scopesTitle}</legend>
        {offered.map((scope) => (
          <label key={scope} className="flex items-start gap-2 pointer-coarse:py-2.5">
            <input
              type="checkbox"
              className="mt-1"
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(
                  event.target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope),
                )
              }
            />
            <span>
              {texts.scopes[scope].label}
              <span className="block text-sm text-muted">{texts.scopes[scope].help}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label={texts.life}>
        {(ids) => (
          <Select
            {...ids}
            value={life}
            onChange={setLife}
            options={days.map((value) => ({ value, label: texts.days(value) }))}
          />
        )}
      </Field>
      <TextField
        label={texts.networks}
        help={texts.networksHelp}
        maxLength={500}
        value={networks}
        onChange={setNetworks}
      />
    </FormDialog>
  );
}

function MadeToken({ token, onClose }: { token: string; onClose: () => void }) {
  const copy = async () => {
    await navigator.clipboard.writeText(token);
    toast(texts.copied);
  };
  const footer = (
    <>
      <Button onClick={() => void copy()}>{texts.copy}</Button>
      <Button look="primary" onClick={onClose}>
        {texts.keepIt}
      </Button>
    </>
  );
  return (
    <Dialog title={texts.tokenMade} onClose={onClose} footer={footer}>
      <p>{texts.tokenMadeText}</p>
      <code className="mt-3 block font-mono text-sm break-all select-all">{token}</code>
    </Dialog>
  );
}
