import { type ComponentProps, useState } from "react";
import { catalogue } from "./catalogue.ts";
import { TextField } from "./field.tsx";

const texts = catalogue("hidden-field", { show: "Show", hide: "Hide" });

type HiddenFieldProps = Omit<ComponentProps<typeof TextField>, "type" | "aside">;

/** A line that nobody looking over the shoulder reads, until one asks to see it. */
export function HiddenField(props: HiddenFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
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
