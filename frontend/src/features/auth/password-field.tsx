import { HiddenField } from "../../ui/hidden-field.tsx";
import { texts } from "./texts.ts";

type PasswordFieldProps = Readonly<{
  value: string;
  onChange: (value: string) => void;
  isNew?: boolean;
  label?: string;
  error?: string | undefined;
}>;

/** A password that can be looked at. */
export const PasswordField = ({
  value,
  onChange,
  isNew = false,
  label = texts.password,
  error,
}: PasswordFieldProps) => (
  <HiddenField
    label={label}
    help={isNew ? texts.passwordHelp : undefined}
    error={error}
    name="password"
    autoComplete={isNew ? "new-password" : "current-password"}
    required
    minLength={isNew ? 12 : 1}
    maxLength={256}
    value={value}
    onChange={onChange}
  />
);
