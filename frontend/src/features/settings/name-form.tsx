import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { meQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { inputClass } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useConfirmed } from "../security/use-confirmed.tsx";
import { texts } from "./texts.ts";

/** The name, and how to take another one. */
export function NameForm({ name }: { name: string }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useConfirmed({
    act: (next: string) => ask("me", "/users/me", { method: "PATCH", body: { name: next } }),
    onDone: (me) => {
      client.setQueryData(meQuery.queryKey, me);
      setDraft(null);
    },
  });
  if (draft === null) {
    return (
      <>
        <span>{name}</span>
        <Button small onClick={() => setDraft(name)}>
          {texts.rename}
        </Button>
      </>
    );
  }
  return (
    <>
      <form
        className="grid flex-1 gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          rename.run(draft.trim());
        }}
      >
        <div className="flex flex-wrap gap-2">
          <input
            aria-label={texts.name}
            autoComplete="username"
            required
            minLength={3}
            maxLength={40}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            className={`${inputClass} max-w-60`}
          />
          <Button type="submit" look="primary" busy={rename.isPending}>
            {texts.save}
          </Button>
          <Button
            onClick={() => {
              setDraft(null);
              rename.reset();
            }}
          >
            {texts.cancel}
          </Button>
        </div>
        {rename.error !== null && <ProblemView error={rename.error} />}
      </form>
      {rename.dialog}
    </>
  );
}
