import { TextField } from "../../ui/field.tsx";
import { texts } from "./texts.ts";

type CodeFieldProps = Readonly<{
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
  help?: string;
}>;

/** A code of an authenticator app, which phones offer to fill in, or a recovery code. */
export const CodeField = ({
  value,
  onChange,
  autoFocus = false,
  help = texts.codeHelp,
}: CodeFieldProps) => (
  <TextField
    label={texts.code}
    help={help}
    name="one-time-code"
    autoComplete="one-time-code"
    autoCapitalize="none"
    spellCheck={false}
    required
    minLength={6}
    maxLength={40}
    value={value}
    onChange={onChange}
    autoFocus={autoFocus}
  />
);
