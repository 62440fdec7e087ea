import { useState } from "react";
import { TextField } from "../../ui/field.tsx";
import { texts } from "./texts.ts";

export type Key = Readonly<{ apiKey: string; secret: string }>;

/** Key and secret as they are pasted; no browser keeps them. */
export function KeyFields({ value, onChange }: { value: Key; onChange: (key: Key) => void }) {
  const [shown, setShown] = useState(false);
  const common = {
    required: true,
    minLength: 8,
    maxLength: 256,
    spellCheck: false,
    autoCapitalize: "off",
    className: "font-mono",
  } as const;
  return (
    <>
      <TextField
        {...common}
        label={texts.apiKey}
        name="api-key"
        autoComplete="off"
        value={value.apiKey}
        onChange={(apiKey) => onChange({ ...value, apiKey: apiKey.trim() })}
      />
      <TextField
        {...common}
        label={texts.secret}
        help={texts.secretHelp}
        name="api-secret"
        type={shown ? "text" : "password"}
        // What keeps password managers from offering the password of this site, and from keeping the secret.
        autoComplete="one-time-code"
        value={value.secret}
        onChange={(secret) => onChange({ ...value, secret: secret.trim() })}
        aside={
          <button
            type="button"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="rounded text-sm text-accent pointer-coarse:-my-3.5 pointer-coarse:py-3.5"
          >
            {shown ? texts.hide : texts.show}
          </button>
        }
      />
    </>
  );
}
