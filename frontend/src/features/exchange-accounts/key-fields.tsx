import { TextField } from "../../ui/field.tsx";
import { HiddenField } from "../../ui/hidden-field.tsx";
import { texts } from "./texts.ts";

export type Key = Readonly<{ apiKey: string; secret: string }>;

const common = {
  required: true,
  minLength: 8,
  maxLength: 256,
  spellCheck: false,
  autoCapitalize: "off",
  className: "font-mono",
} as const;

/** Key and secret as they are pasted; no browser keeps them. */
export const KeyFields = ({ value, onChange }: { value: Key; onChange: (key: Key) => void }) => (
  <>
    <TextField
      {...common}
      label={texts.apiKey}
      name="api-key"
      autoComplete="off"
      value={value.apiKey}
      onChange={(apiKey) => onChange({ ...value, apiKey: apiKey.trim() })}
    />
    <HiddenField
      {...common}
      label={texts.secret}
      help={texts.secretHelp}
      name="api-secret"
      // What keeps password managers from offering the password of this site, and from keeping the secret.
      autoComplete="one-time-code"
      value={value.secret}
      onChange={(secret) => onChange({ ...value, secret: secret.trim() })}
    />
  </>
);
