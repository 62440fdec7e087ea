import { useState } from "react";
import { TextField } from "../../ui/field.tsx";
import { texts } from "./texts.ts";

type PasswordFieldProps = Readonly<{
  value: string;
  onChange: (value: string) => void;
  isNew?: boolean;
  label?: string;
  error?: string | undefined;
}>;

/** A password that can be looked at. */
export function PasswordField({
  value,
  onChange,
  isNew = false,
  label = texts.password,
  error,
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      label={label}
      help={isNew ? texts.passwordHelp : undefined}
      error={error}
      type={shown ? "text" : "password"}
      name="password"
      autoComplete={isNew ? "new-password" : "current-password"}
      required
      minLength={isNew ? 12 : 1}
      maxLength={256}
      value={value}
      onChange={onChange}
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
  );
}
